using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// One Brownian path W over a range of noise levels, as torchsde's <c>BrownianTree</c> lays it (Kidger et al. 2021) behind k-diffusion's SDE
/// samplers: the range is halved again and again, and each half's share is drawn from a seed of its own by a Brownian bridge. An increment
/// depends on the seed and the range alone, not on what was asked before.
/// </summary>
/// <remarks>
/// Values of the nodes are kept along one way down (two buffers for each level reached, some 25 levels), so that neighbouring increments share
/// work. Nothing of it needs to be stored with a row.
/// </remarks>
public sealed class BrownianTree
{
    private const int PoolSize = 24;

    private readonly INormalGenerator generator;
    private readonly ulong seed;
    private readonly Node root;
    private readonly float[] whole;
    private readonly float[] draw;
    private readonly List<Halves> levels = [];

    /// <param name="generator">What kind of generator the nodes draw from; reseeded for each.</param>
    /// <param name="seed">The path's seed.</param>
    /// <param name="min">Smallest positive noise level, taken as float32.</param>
    /// <param name="max">Largest noise level, taken as float32.</param>
    /// <param name="length">Values of one increment.</param>
    public BrownianTree(NoiseGenerator generator, ulong seed, double min, double max, int length)
    {
        double start = (float)min, end = (float)max;
        this.seed = seed;
        this.generator = SeededNoise.Create(generator, SeedOf([], 3));
        root = new Node(DecimalRounding.SixDigits(start), DecimalRounding.SixDigits(end), Path: 0, Depth: 0);
        whole = new float[length];
        draw = new float[length];
        this.generator.Normal(whole);
        TensorPrimitives.Multiply(whole, (float)Math.Sqrt(end - start), whole);
    }

    /// <summary>Values of one increment.</summary>
    public int Length => whole.Length;

    /// <summary>
    /// Unit normal noise for the move between two levels, in either direction: ±(W(b) − W(a)) / √|b − a|, negative going down. Levels outside the
    /// range count as its ends; where no distance is left (10⁻⁶ is the finest) the noise is zero.
    /// </summary>
    public void UnitNoise(double sigma, double sigmaNext, Span<float> destination)
    {
        float from = (float)sigma, to = (float)sigmaNext;
        Increment(Math.Min(from, to), Math.Max(from, to), destination);
        float root = MathF.Sqrt(MathF.Abs(to - from));
        if (root > 0) TensorPrimitives.Divide(destination, from < to ? root : -root, destination);
    }

    /// <summary>W(b) − W(a) for a ≤ b.</summary>
    public void Increment(double a, double b, Span<float> destination)
    {
        if (destination.Length != Length)
            throw new ArgumentException($"This path has {Length} values, not {destination.Length}.", nameof(destination));
        destination.Clear();
        a = DecimalRounding.SixDigits(Math.Clamp(a, root.Start, root.End));
        b = DecimalRounding.SixDigits(Math.Clamp(b, root.Start, root.End));
        if (a < b) Sum(root, whole, a, b, destination);
    }

    /// <summary>Adds up the nodes that make [a, b], from left to right: float32 sums depend on the order.</summary>
    private void Sum(Node node, float[] value, double a, double b, Span<float> sum)
    {
        if (a == node.Start && b == node.End)
        {
            TensorPrimitives.Add(sum, value, sum);
            return;
        }
        double middle = node.Middle;
        Halves halves = Halve(node, value);
        if (a < middle) Sum(node.Left(), halves.Left, a, Math.Min(b, middle), sum);
        if (b > middle) Sum(node.Right(), halves.Right, Math.Max(a, middle), b, sum);
    }

    /// <summary>The Brownian bridge: given W over a node, W over its left half is normal around l/h · W with variance l·r/h.</summary>
    private Halves Halve(Node node, float[] value)
    {
        if (levels.Count == node.Depth) levels.Add(new Halves(Length));
        Halves halves = levels[node.Depth];
        if (halves.Parent == node.Path) return halves;

        double perLength = 1 / (node.End - node.Start), left = node.Middle - node.Start, right = node.End - node.Middle;
        generator.Reseed(SeedOf([node.Path, (ulong)node.Depth], 4));
        generator.Normal(draw);
        TensorPrimitives.Multiply(value, (float)left, halves.Left);
        TensorPrimitives.Multiply(halves.Left, (float)perLength, halves.Left);
        TensorPrimitives.MultiplyAdd(draw, (float)Math.Sqrt(left * right * perLength), halves.Left, halves.Left);
        TensorPrimitives.Subtract(value, halves.Left, halves.Right);
        halves.Parent = node.Path;
        return halves;
    }

    private uint SeedOf(ReadOnlySpan<ulong> spawnKey, int words)
    {
        Span<uint> state = stackalloc uint[words];
        SeedSequence.Generate(state, seed, spawnKey, PoolSize);
        return state[0];
    }

    /// <summary>A stretch of the range, every end rounded to six decimals.</summary>
    private readonly record struct Node(double Start, double End, ulong Path, int Depth)
    {
        public double Middle => DecimalRounding.SixDigits(0.5 * (End + Start));

        public Node Left() => new(Start, Middle, 2 * Path, Depth + 1);

        public Node Right() => new(Middle, End, 2 * Path + 1, Depth + 1);
    }

    private sealed class Halves(int length)
    {
        public ulong? Parent { get; set; }

        public float[] Left { get; } = new float[length];

        public float[] Right { get; } = new float[length];
    }
}
