// The desk's mark and name.
import styles from "./brand.module.css";

export function Brand() {
  return (
    <span className={styles.brand}>
      <svg viewBox="0 0 28 28" width="26" height="26" aria-hidden="true">
        <rect width="28" height="28" rx="8" fill="var(--mantine-color-pine-7)" />
        <path
          d="M7 10.5A3.5 3.5 0 0 1 10.5 7h7a3.5 3.5 0 0 1 3.5 3.5v3.8a3.5 3.5 0 0 1-3.5 3.5h-3.9L9.4 21v-3.4A3.5 3.5 0 0 1 7 14.3z"
          fill="#fff"
        />
        <path d="M11 12.4h6" stroke="var(--mantine-color-pine-7)" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      Supportdesk
    </span>
  );
}
