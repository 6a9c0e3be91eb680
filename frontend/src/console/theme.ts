// The console's look for Mantine: one brand color, system fonts, quiet defaults. Colors of our own are in theme.css.
import { Badge, createTheme, type MantineColorsTuple, Modal } from "@mantine/core";

const pine: MantineColorsTuple = [
  "#e9f6f4",
  "#d2ebe8",
  "#a3d6d0",
  "#70c0b7",
  "#47aca1",
  "#2b978c",
  "#15857b",
  "#0b7068",
  "#075e57",
  "#034b45",
];

/** Mantine's greys of the dark scheme, in the desk's own hue. */
const dark: MantineColorsTuple = [
  "#c9d2d0",
  "#b5c0bd",
  "#9dadaa",
  "#6f7f7c",
  "#3a4644",
  "#2f3a38",
  "#202827",
  "#181e1d",
  "#131918",
  "#0e1312",
];

export const theme = createTheme({
  colors: { pine, dark },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  fontFamily: 'Inter, "SF Pro Text", "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({ styles: { title: { fontWeight: 700, fontSize: "1.0625rem" } } }),
    Badge: Badge.extend({ styles: { root: { textTransform: "none", letterSpacing: 0, fontWeight: 600 } } }),
  },
});
