using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>Two matrices whose product is one of low rank: [out, rank] and [rank, in · kernel · kernel].</summary>
/// <param name="Left">As stored.</param>
/// <param name="Right">As stored.</param>
/// <param name="Core">Of Tucker's decomposition, [rank, rank, kernel, kernel]; null: there is none.</param>
internal sealed record LowRank(LoraLayer Layer, StoredTensor Left, StoredTensor Right, StoredTensor? Core)
{
    /// <summary>Whether the left one is stored as [rank, out], as LyCORIS does beside a core.</summary>
    private bool LeftIsTransposed { get; init; }

    public long Rows => LeftIsTransposed ? Left.Shape[1] : Left.Shape[0];

    /// <summary>Of the product, which the file's alpha is divided by.</summary>
    public long Rank => Right.Shape[0];

    public long Columns => Width(Right) * (Core is null ? 1 : Width(Core) / Core.Shape[1]);

    private int Inner => (int)(Core?.Shape[0] ?? Rank);

    public static LowRank Of(LoraLayer layer, LoraRole left, LoraRole right, LoraRole? core, bool transposedByCore = false)
    {
        var product = new LowRank(layer, layer.Get(left), layer.Get(right), core is { } middle ? layer.Find(middle) : null);
        if (product.Core is not null && transposedByCore) product = product with { LeftIsTransposed = true };
        var (up, down, mid) = (product.Left, product.Right, product.Core);
        bool fits = up.Shape.Count >= 2 && down.Shape.Count >= 2 && down.Shape[0] > 0 && up.Count > 0
            && (product.LeftIsTransposed ? up.Shape.Count == 2 : up.Count == up.Shape[0] * up.Shape[1])
            && (mid is null || (mid.Shape.Count > 2 && mid.Count > 0 && mid.Shape[1] == down.Shape[0] && down.Count == down.Shape[0] * down.Shape[1]))
            && (product.LeftIsTransposed ? up.Shape[0] : up.Shape[1]) == product.Inner;
        return fits ? product : throw layer.Fault($"is of matrices that cannot be multiplied: {string.Join(" and ",
            ((StoredTensor?[])[up, mid, down]).OfType<StoredTensor>().Select(one => StoredTensor.TextOf(one.Shape)))}");
    }

    public (float[] Left, float[] Right, int Rank) ReadBoth()
    {
        float[] left = LoraFormula.Read(Layer, Left), right = LoraFormula.Read(Layer, Right);
        if (LeftIsTransposed) left = Turned(left, Inner);
        return (left, Core is null ? right : Expand(LoraFormula.Read(Layer, Core), right), Inner);
    }

    /// <summary>result[i, p, k] = Σⱼ core[i, j, k] · right[j, p].</summary>
    private float[] Expand(float[] core, float[] right)
    {
        int middle = (int)Core!.Shape[1], kernel = core.Length / Inner / middle, width = right.Length / middle;
        float[] result = new float[Inner * width * kernel];
        for (int i = 0; i < Inner; i++)
            for (int j = 0; j < middle; j++)
                for (int p = 0; p < width; p++)
                    for (int k = 0; k < kernel; k++)
                        result[(i * width + p) * kernel + k] += core[(i * middle + j) * kernel + k] * right[j * width + p];
        return result;
    }

    private static float[] Turned(float[] matrix, int rows)
    {
        int columns = matrix.Length / rows;
        float[] turned = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) turned[column * rows + row] = matrix[row * columns + column];
        return turned;
    }

    private static long Width(StoredTensor tensor) => tensor.Shape.Skip(1).Aggregate(1L, static (size, side) => checked(size * side));
}
