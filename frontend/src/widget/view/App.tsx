/** @jsxImportSource preact */
// The whole of the frame.
import type { JSX } from "preact";
import type { Readable } from "../../realtime";
import { AnswerByMail } from "./AnswerByMail";
import { Banner } from "./Banner";
import { Composer } from "./Composer";
import { type Setting, SettingContext } from "./context";
import { Header } from "./Header";
import { PersonBar } from "./PersonBar";
import { Timeline } from "./Timeline";
import { useStore } from "./useStore";

export function App({ setting, visible }: { setting: Setting; visible: Readable<boolean> }): JSX.Element {
  const isVisible = useStore(visible);
  return (
    <SettingContext.Provider value={setting}>
      <Header />
      <PersonBar />
      <AnswerByMail />
      <Banner />
      <Timeline isVisible={isVisible} />
      <Composer isVisible={isVisible} />
    </SettingContext.Provider>
  );
}
