// The main screen: rail, list, conversation; on phones the list and the conversation are pages of their own.
import { ConversationPane } from "../conversation/ConversationPane";
import { go, useRoute } from "../desk/route";
import { ListPane } from "../list/ListPane";
import { OfferStack } from "../offer/OfferStack";
import { Availability } from "./Availability";
import { Banner } from "./Banner";
import { Brand } from "./Brand";
import { Colleagues } from "./Colleagues";
import { Me } from "./Me";
import styles from "./shell.module.css";
import { useKeys } from "./useKeys";
import { Views } from "./Views";

export function Shell({ onSignOut }: { onSignOut: () => void }) {
  const route = useRoute();
  useKeys(route);
  return (
    <div className={styles.shell} data-page={route.conversation === null ? "list" : "conversation"}>
      <Banner />
      <div className={styles.columns}>
        <div className={styles.rail}>
          <div className={styles.brand}>
            <Brand />
          </div>
          <Availability />
          <Views chosen={route.view} />
          <Colleagues />
          <Me onSignOut={onSignOut} />
        </div>
        <div className={styles.lists}>
          <OfferStack />
          <ListPane key={route.view} route={route} />
        </div>
        <ConversationPane id={route.conversation} onBack={() => go({ ...route, conversation: null })} />
      </div>
    </div>
  );
}
