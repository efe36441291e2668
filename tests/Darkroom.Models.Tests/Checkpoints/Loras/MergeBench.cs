using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Checkpoints.Loras;

/// <summary>A model of made-up weights, and LoRAs laid over it.</summary>
internal sealed class MergeBench : IDisposable
{
    private readonly WeightsFile model = new();
    private readonly Dictionary<string, IReadOnlyList<long>> needed = [];
    private readonly List<WeightsFile> loras = [];
    private readonly List<LoraChoice> choices = [];

    public static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    public MergeBench Weight(string name, params int[] shape)
    {
        model.Add(name, shape, Numbers(name.Length, shape.Aggregate(1, (a, b) => a * b)));
        needed[name] = [.. shape.Select(side => (long)side)];
        return this;
    }

    public MergeBench Lora(Action<WeightsFile> tensors, double weight = 1, double? text = null)
    {
        var file = new WeightsFile();
        loras.Add(file);
        tensors(file);
        file.Read();
        choices.Add(new($"lora{choices.Count}", file.Path, file.Path, weight, text ?? weight));
        return this;
    }

    public LoraMerge Merge(string part = "unet", params string[] prefixes) => LoraMerge.Of(choices, [new PartLayers(part, prefixes, needed)]);

    /// <summary>A weight before and after, changed in runs of rows.</summary>
    public (float[] Before, float[] After) Read(string name, string part = "unet", int rowsAtOnce = int.MaxValue, params string[] prefixes)
    {
        var weights = new FileWeights(model.Read());
        float[] before = weights.Find(name)!.ReadFloats(), after = [.. before];
        var tensor = Merge(part, prefixes).Over(part, weights).Find(name)!;
        int rows = (int)tensor.Shape[0], columns = after.Length / rows;
        foreach (var change in tensor.Changes)
            for (int row = 0; row < rows; row += rowsAtOnce)
            {
                int count = Math.Min(rowsAtOnce, rows - row);
                change.Apply(after.AsSpan(row * columns, count * columns), row, columns);
                if (rowsAtOnce == int.MaxValue) break;
            }
        return (before, after);
    }

    public static double[] Product(float[] left, float[] right, int rank)
    {
        int rows = left.Length / rank, columns = right.Length / rank;
        double[] product = new double[rows * columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int k = 0; k < rank; k++) product[i * columns + j] += (double)left[i * rank + k] * right[k * columns + j];
        return product;
    }

    public static void Close(IEnumerable<double> expected, float[] actual)
    {
        double[] all = [.. expected];
        Assert.Equal(all.Length, actual.Length);
        for (int i = 0; i < all.Length; i++) Assert.True(Math.Abs(all[i] - actual[i]) < 1e-5, $"value {i}: {actual[i]} in place of {all[i]}");
    }

    public void Dispose()
    {
        model.Dispose();
        foreach (var lora in loras) lora.Dispose();
    }
}
