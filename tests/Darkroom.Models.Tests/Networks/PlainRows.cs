namespace Darkroom.Models.Tests.Networks;

/// <summary>Layers over rows [n, C] as the formulas say, in double and without a thought for speed.</summary>
internal static class PlainRows
{
    /// <summary>x · Wᵀ + b.</summary>
    public static double[][] Linear(double[][] rows, float[] weight, float[] bias) =>
        [.. rows.Select(row => bias.Select((b, i) => b + row.Select((value, j) => value * weight[i * row.Length + j]).Sum()).ToArray())];

    public static double[][] LayerNorm(double[][] rows, double epsilon) => [.. rows.Select(row =>
    {
        double mean = row.Average(), variance = row.Average(value => (value - mean) * (value - mean));
        return row.Select(value => (value - mean) / Math.Sqrt(variance + epsilon)).ToArray();
    })];

    /// <summary>Each head's features divided by their root mean square.</summary>
    public static double[][] HeadNorm(double[][] rows, float[] weight, double epsilon) => [.. rows.Select(row => row.Chunk(weight.Length).SelectMany(head =>
    {
        double root = Math.Sqrt(head.Average(value => value * value) + epsilon);
        return head.Select((value, i) => value / root * weight[i]);
    }).ToArray())];

    public static double[][] Attend(double[][] queries, double[][] keys, double[][] values, int heads)
    {
        int width = queries[0].Length / heads;
        return [.. queries.Select(query => Enumerable.Range(0, heads).SelectMany(head =>
        {
            double[] products = [.. keys.Select(key => Math.Exp(Enumerable.Range(head * width, width).Sum(i => query[i] * key[i]) / Math.Sqrt(width)))];
            return Enumerable.Range(head * width, width).Select(i => values.Select((value, at) => value[i] * products[at]).Sum() / products.Sum());
        }).ToArray())];
    }

    public static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    public static double[][] Map(double[][] rows, Func<double, int, double> value) => [.. rows.Select(row => row.Select(value).ToArray())];

    public static double[][] Add(double[][] left, double[][] right) => [.. left.Zip(right, (one, other) => one.Zip(other, (a, b) => a + b).ToArray())];
}
