/** One line of an order. */
export interface OrderItem {
  productId: number;
  /** At least 1. */
  quantity: number;
}

/** An order as the labs pass it: plain data, money as text. */
export interface Order {
  id: number;
  userId: number;
  /** Exact, as MySQL prints a DECIMAL: `'1999.90'`. */
  totalAmount: string;
  /** In the order of their ids; may be empty. */
  items: OrderItem[];
  /** When it was placed; absent where nobody said. */
  createdAt?: Date;
}
