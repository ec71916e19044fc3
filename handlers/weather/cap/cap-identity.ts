export const FEED_KEY = "cap/index.xml";
