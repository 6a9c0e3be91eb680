/** @jsxImportSource preact */
// The widget's few icons, drawn here: 24 units, in the text's colour, silent to screen readers.
import type { ComponentChildren, JSX } from "preact";

function Icon({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
      {children}
    </svg>
  );
}

export const CloseIcon = (): JSX.Element => (
  <Icon>
    <path d="m6 9 6 6 6-6" stroke-linecap="round" stroke-linejoin="round" />
  </Icon>
);

export const SendIcon = (): JSX.Element => (
  <Icon>
    <path d="M12 19V5m0 0-6 6m6-6 6 6" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />
  </Icon>
);

export const PersonIcon = (): JSX.Element => (
  <Icon>
    <circle cx="12" cy="8" r="3.6" />
    <path d="M5 20c.6-3.8 3.400-6 7-6s6.400 2.200 7 6" stroke-linecap="round" />
  </Icon>
);

export const AssistantIcon = (): JSX.Element => (
  <Icon>
    <path
      d="M12 4.500 13.600 9.700 19 11.500l-5.400 1.800L12 18.500l-1.600-5.200L5 11.500l5.400-1.800L12 4.500Z"
      stroke-linejoin="round"
    />
  </Icon>
);

export const MailIcon = (): JSX.Element => (
  <Icon>
    <path d="M4 6.500h16v11H4v-11Zm0 .500 8 6 8-6" stroke-linejoin="round" />
  </Icon>
);

export const ClockIcon = (): JSX.Element => (
  <Icon>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 7.500V12l3 2" stroke-linecap="round" stroke-linejoin="round" />
  </Icon>
);

export const DocumentIcon = (): JSX.Element => (
  <Icon>
    <path d="M7 3.500h7l4 4v13H7v-17Z" stroke-linejoin="round" />
    <path d="M10 12h5m-5 3.500h5" stroke-linecap="round" />
  </Icon>
);

export const StarIcon = (): JSX.Element => (
  <Icon>
    <path
      d="m12 4 2.400 5 5.500.7-4 3.800 1 5.500L12 16.300 7.100 19l1-5.500-4-3.800 5.500-.7L12 4Z"
      stroke-linejoin="round"
    />
  </Icon>
);

export const AlertIcon = (): JSX.Element => (
  <Icon>
    <circle cx="12" cy="12" r="8.500" />
    <path d="M12 8v4.500M12 15.900v.1" stroke-width="2.200" stroke-linecap="round" />
  </Icon>
);
