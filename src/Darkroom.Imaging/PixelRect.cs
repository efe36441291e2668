namespace Darkroom.Imaging;

/// <summary>A rectangle of whole pixels; the right and lower edge lie outside of it.</summary>
public readonly record struct PixelRect(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;

    public long Area => (long)Width * Height;

    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>From two corners, the second one outside.</summary>
    public static PixelRect Between(int left, int top, int right, int bottom) => new(left, top, right - left, bottom - top);

    public bool Contains(PixelRect other) => other.X >= X && other.Y >= Y && other.Right <= Right && other.Bottom <= Bottom;

    /// <summary>The part that both cover; empty where they do not overlap.</summary>
    public PixelRect Intersect(PixelRect other)
    {
        int left = Math.Max(X, other.X), top = Math.Max(Y, other.Y);
        return new PixelRect(left, top, Math.Max(0, Math.Min(Right, other.Right) - left), Math.Max(0, Math.Min(Bottom, other.Bottom) - top));
    }

    /// <summary>What is left of this without the other: at most four rectangles that do not overlap.</summary>
    public IEnumerable<PixelRect> Without(PixelRect other)
    {
        var hole = Intersect(other);
        if (hole.IsEmpty)
        {
            yield return this;
            yield break;
        }
        if (hole.Y > Y) yield return Between(X, Y, Right, hole.Y);
        if (hole.X > X) yield return Between(X, hole.Y, hole.X, hole.Bottom);
        if (hole.Right < Right) yield return Between(hole.Right, hole.Y, Right, hole.Bottom);
        if (hole.Bottom < Bottom) yield return Between(X, hole.Bottom, Right, Bottom);
    }
}
