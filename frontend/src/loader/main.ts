// The loader's entry on the merchant's page.
export {};
