// The launcher's and the frame's style, inside a shadow root so that the shop's own style cannot reach it.

export const STYLE = `
:host{all:initial;--sd-color:#1f6f5c;--sd-ink:#fff}
*{box-sizing:border-box}
button{position:fixed;right:20px;bottom:20px;right:max(20px,env(safe-area-inset-right));bottom:max(20px,env(safe-area-inset-bottom));
width:60px;height:60px;border:0;border-radius:50%;background:var(--sd-color);color:var(--sd-ink);cursor:pointer;padding:0;
box-shadow:0 6px 20px rgba(0,0,0,.22),0 1px 4px rgba(0,0,0,.2);display:grid;place-items:center;z-index:2147483000;
transition:transform .16s ease,box-shadow .16s ease}
button:hover{transform:translateY(-2px);box-shadow:0 10px 26px rgba(0,0,0,.26),0 2px 6px rgba(0,0,0,.2)}
button:focus-visible{outline:3px solid var(--sd-color);outline-offset:3px}
svg{width:28px;height:28px;grid-area:1/1;transition:opacity .16s,transform .16s}
.x{opacity:0;transform:rotate(-45deg)}
.open .x{opacity:1;transform:none}.open .c{opacity:0;transform:rotate(45deg)}
b{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#d92d20;color:#fff;
font:600 12px/22px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px #fff}
b:empty{display:none}
iframe{position:fixed;right:max(20px,env(safe-area-inset-right));bottom:96px;width:400px;height:min(700px,calc(100vh - 116px));
height:min(700px,calc(100dvh - 116px));border:0;border-radius:18px;background:Canvas;color-scheme:light dark;z-index:2147483000;
box-shadow:0 16px 56px rgba(0,0,0,.24),0 2px 10px rgba(0,0,0,.12);transform-origin:100% 100%;
transition:opacity .18s ease,transform .18s ease,visibility .18s}
iframe.shut{opacity:0;visibility:hidden;transform:translateY(12px) scale(.98);pointer-events:none}
@media (max-width:520px),(max-height:480px){
iframe{inset:0;width:100%;height:100%;height:100dvh;border-radius:0;box-shadow:none}
.open{display:none}}
@media (prefers-reduced-motion:reduce){*,iframe{transition:none!important}}
@media print{:host{display:none}}
`;
