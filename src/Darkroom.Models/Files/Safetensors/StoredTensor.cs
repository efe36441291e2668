namespace Darkroom.Models.Files.Safetensors;

/// <summary>
/// A tensor where it lies in a file, row-major and little-endian. Its values are not read: who needs them maps the file, or hands file and place to
/// ONNX Runtime. The views made of it are the same bytes, or a part of them.
/// </summary>
/// <param name="Path">The file, links followed.</param>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Shape">Its sides, none for a single number.</param>
/// <param name="Offset">Where its first value lies, in bytes from the start of the file.</param>
internal sealed record StoredTensor(string Path, string Name, StoredType Type, IReadOnlyList<long> Shape, long Offset)
{
    /// <summary>Of a run of rows: the first one's place in the whole tensor.</summary>
    public long FirstRow { get; private init; }

    /// <summary>Whether <see cref="Shape"/> has the sides in the other order than the file: value [i, j] is the file's [j, i].</summary>
    public bool Transposed { get; private init; }

    /// <summary>Whether the halves of its rows stand the other way round than in the file: the file's second half comes first.</summary>
    public bool HalvesSwapped { get; private init; }

    /// <summary>A single number that every value is to be multiplied by; null: none. Checkpoints in float8 carry one for each weight.</summary>
    public StoredTensor? Scale { get; init; }

    /// <summary>What is done to the values when they are read to be computed with, in this order.</summary>
    public IReadOnlyList<IWeightChange> Changes { get; private init; } = [];

    /// <summary>Place in the whole tensor of the row that <see cref="Changes"/> call their first.</summary>
    public long ChangesFrom { get; private init; }

    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, static (count, side) => checked(count * side));

    /// <summary>Length in bytes.</summary>
    public long Bytes => checked(Count * Type.SizeOf());

    public bool HasShape(params ReadOnlySpan<long> sides)
    {
        if (Shape.Count != sides.Length) return false;
        for (int i = 0; i < sides.Length; i++)
            if (Shape[i] != sides[i]) return false;
        return true;
    }

    /// <summary>A run of rows, entries of the first axis: one of the matrices of a fused weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has not these rows.</exception>
    public StoredTensor Rows(long first, long count)
    {
        if (Transposed || HalvesSwapped) throw new InvalidOperationException($"{Name} is transposed or swapped: its rows do not lie together");
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Shape is [var rows, ..] ? rows : 0) - first);
        long row = Shape.Skip(1).Aggregate(1L, static (size, side) => checked(size * side)) * Type.SizeOf();
        return this with { Shape = [count, .. Shape.Skip(1)], Offset = checked(Offset + first * row), FirstRow = FirstRow + first };
    }

    /// <summary>The same tensor, to be changed when it is read; the changes' first row is the first of this one.</summary>
    public StoredTensor With(IReadOnlyList<IWeightChange> changes) => this with { Changes = changes, ChangesFrom = FirstRow };

    /// <summary>The same values with other sides: a convolution of 1 × 1 is a matrix.</summary>
    /// <exception cref="ArgumentException">They have another number of values.</exception>
    public StoredTensor Reshape(params IReadOnlyList<long> sides)
    {
        var view = this with { Shape = [.. sides] };
        return view.Count == Count && !Transposed ? view : throw new ArgumentException($"{Name} is no tensor of [{string.Join(", ", sides)}]", nameof(sides));
    }

    /// <summary>A matrix the other way round.</summary>
    /// <exception cref="InvalidOperationException">It is no matrix.</exception>
    public StoredTensor Transpose() => Shape is [var rows, var columns]
        ? this with { Shape = [columns, rows], Transposed = !Transposed }
        : throw new InvalidOperationException($"{Name} is no matrix");

    /// <summary>The second half of the rows before the first: networks of one design differ in which of two vectors a layer gives first.</summary>
    /// <exception cref="InvalidOperationException">Its rows have no halves.</exception>
    public StoredTensor SwapHalves() => !Transposed && Shape is [var rows, ..] && rows % 2 == 0
        ? this with { HalvesSwapped = !HalvesSwapped }
        : throw new InvalidOperationException($"{Name} has no two halves of rows");

    /// <summary>For messages: [320, 4, 3, 3].</summary>
    public static string TextOf(IEnumerable<long> sides) => $"[{string.Join(", ", sides)}]";
}
