/** A listing is one of these. */
export type ListingStatus = 'active' | 'sold' | 'cancelled';
export const listingStatuses = ['active', 'sold', 'cancelled'] as const satisfies readonly ListingStatus[];

/** Which list of the market. */
export interface ListingsOf {
  /** Default: all resources together. */
  resourceId?: number;
  /** Default 'active'. */
  status?: ListingStatus;
}

/** What the weather or the season does to gathering and crafting: 1 is no difference. */
export interface Condition {
  id: number;
  name: string;
  gatheringMultiplier: number;
  craftingMultiplier: number;
}

/** What every player sees around them. */
export interface Environment {
  weather: Condition | null;
  season: Condition | null;
  /** When it was read from MySQL: '2026-01-15T12:00:00.000Z' */
  timestamp: string;
}

/** An offer on the market. Coins are whole. */
export interface Listing {
  id: number;
  sellerId: number;
  resourceId: number;
  quantity: number;
  unitPrice: number;
  status: ListingStatus;
  /** '2025-11-01T08:00:00.000Z' */
  createdAt: string;
}

/** One resource that a player holds. */
export interface InventoryItem {
  resourceId: number;
  name: string;
  quantity: number;
}

/** A recipe that a player has the level and the ingredients for. */
export interface CraftableRecipe {
  id: number;
  professionId: number;
  resourceId: number;
  /** How many one crafting makes. */
  quantity: number;
  level: number;
  ingredients: { resourceId: number; quantity: number }[];
}

/** Who is logged in. */
export interface Session {
  userId: number;
  login: string;
  role: string;
  /** '2026-01-15T12:00:00.000Z' */
  createdAt: string;
}
