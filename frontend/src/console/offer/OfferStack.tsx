// All offers on screen, the one that ends first on top; `a` and `d` answer that one. The page's title counts them.
import { useHotkeys } from "@mantine/hooks";
import { useEffect } from "react";
import { useDesk, useDeskState } from "../desk/context";
import { useNow } from "../desk/now";
import { personName } from "../desk/words";
import { OfferCard } from "./OfferCard";
import styles from "./offer.module.css";

export function OfferStack() {
  const desk = useDesk();
  const offers = useDeskState((state) => state.offers);
  const first = offers[0];
  useHotkeys([
    ["a", () => first !== undefined && void desk.accept(first.conversation.id)],
    ["d", () => first !== undefined && void desk.decline(first.conversation.id)],
  ]);
  return (
    <>
      <div role="status" aria-live="assertive" className="visually-hidden">
        {first !== undefined &&
          `${personName(first.conversation.customer.name)} is offered to you. Press a to accept, d to decline.`}
      </div>
      {offers.length > 0 && (
        <div className={styles.stack} data-offers={offers.length}>
          <BlinkingTitle count={offers.length} />
          {offers.map((offer, at) => (
            <OfferCard
              key={offer.conversation.id}
              offer={offer}
              hasKeys={at === 0}
              onAccept={() => void desk.accept(offer.conversation.id)}
              onDecline={() => void desk.decline(offer.conversation.id)}
            />
          ))}
        </div>
      )}
    </>
  );
}

function BlinkingTitle({ count }: { count: number }) {
  const isOn = Math.floor(useNow("second") / 1000) % 2 === 0;
  const calls = count === 1 ? "1 offer" : `${count} offers`;
  useEffect(() => {
    const plain = document.title;
    document.title = isOn ? `(${count}) ${calls} for you` : plain;
    return () => {
      document.title = plain;
    };
  }, [isOn, count, calls]);
  return null;
}
