// with: orders.cs
