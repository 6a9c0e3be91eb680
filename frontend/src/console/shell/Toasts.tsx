// Where short words appear: over the customer's card, and where there is none at the top, away from the composer.
import { useMediaQuery } from "@mantine/hooks";
import { Notifications } from "@mantine/notifications";

export function Toasts() {
  const hasCard = useMediaQuery("(min-width: 1361px)", true);
  return <Notifications position={hasCard ? "bottom-right" : "top-center"} limit={4} />;
}
