using Darkroom.Models.Checkpoints.Loras.Formulas;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Checkpoints.Loras;

/// <summary>Each formula against the same sum written naively, in double precision.</summary>
public sealed class FormulaTests
{
    private const string Layer = "down.to_q", Weight = Layer + ".weight";

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(6, 4, 16)]
    [InlineData(7, 3, 17)]
    [InlineData(13, 64, 47)]
    [InlineData(48, 5, 96)]
    public void Product_of_any_size_is_the_naive_one(int rows, int rank, int columns)
    {
        float[] left = MergeBench.Numbers(1, rows * rank), right = MergeBench.Numbers(2, rank * columns), sums = MergeBench.Numbers(3, rows * columns);
        var expected = MergeBench.Product(left, right, rank).Zip(sums, (product, sum) => sum + product).ToArray();
        MatrixProduct.Add(sums, left, right, rank);
        MergeBench.Close(expected, sums);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(3)]
    public void Linear_layer_gets_up_times_down_by_alpha_over_rank(int rowsAtOnce)
    {
        float[] up = MergeBench.Numbers(1, 10 * 4), down = MergeBench.Numbers(2, 4 * 21);
        using var bench = new MergeBench().Weight(Weight, 10, 21).Lora(file => file
            .Add(Layer + ".lora_up.weight", [10, 4], up).Add(Layer + ".lora_down.weight", [4, 21], down).Add(Layer + ".alpha", [], 2), 0.7);
        var (before, after) = bench.Read(Weight, rowsAtOnce: rowsAtOnce);
        MergeBench.Close(MergeBench.Product(up, down, 4).Zip(before, (delta, value) => value + 0.7 * 2 / 4 * delta), after);
    }

    [Fact]
    public void Convolution_gets_the_product_over_its_kernel()
    {
        float[] up = MergeBench.Numbers(1, 6 * 2), down = MergeBench.Numbers(2, 2 * 3 * 9);
        using var bench = new MergeBench().Weight(Weight, 6, 3, 3, 3).Lora(file => file
            .Add(Layer + ".lora_B.weight", [6, 2, 1, 1], up).Add(Layer + ".lora_A.weight", [2, 3, 3, 3], down));
        var (before, after) = bench.Read(Weight);
        MergeBench.Close(MergeBench.Product(up, down, 2).Zip(before, (delta, value) => value + delta), after);
    }

    [Fact]
    public void Locon_with_a_core_contracts_both_of_its_ranks()
    {
        float[] up = MergeBench.Numbers(1, 6 * 2), mid = MergeBench.Numbers(2, 2 * 2 * 9), down = MergeBench.Numbers(3, 2 * 3);
        using var bench = new MergeBench().Weight(Weight, 6, 3, 3, 3).Lora(file => file.Add(Layer + ".lora_up.weight", [6, 2, 1, 1], up)
            .Add(Layer + ".lora_mid.weight", [2, 2, 3, 3], mid).Add(Layer + ".lora_down.weight", [2, 3, 1, 1], down).Add(Layer + ".alpha", [], 1));
        var (before, after) = bench.Read(Weight);
        MergeBench.Close(Tucker(mid, (o, i) => up[o * 2 + i], (j, p) => down[j * 3 + p], 6, 3, 2).Zip(before, (delta, value) => value + delta / 2), after);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Loha_multiplies_two_products_value_by_value(bool core)
    {
        int width = core ? 3 : 27;
        float[] a1 = MergeBench.Numbers(1, 6 * 2), b1 = MergeBench.Numbers(2, 2 * width);
        float[] a2 = MergeBench.Numbers(3, 6 * 2), b2 = MergeBench.Numbers(4, 2 * width);
        float[] t1 = MergeBench.Numbers(5, 36), t2 = MergeBench.Numbers(6, 36);
        using var bench = new MergeBench().Weight(Weight, 6, 3, 3, 3).Lora(file =>
        {
            int[] left = core ? [2, 6] : [6, 2];
            file.Add(Layer + ".hada_w1_a", left, a1).Add(Layer + ".hada_w1_b", [2, width], b1).Add(Layer + ".hada_w2_a", left, a2)
                .Add(Layer + ".hada_w2_b", [2, width], b2).Add(Layer + ".alpha", [], 1);
            if (core) file.Add(Layer + ".hada_t1", [2, 2, 3, 3], t1).Add(Layer + ".hada_t2", [2, 2, 3, 3], t2);
        }, 2);
        var (before, after) = bench.Read(Weight, rowsAtOnce: 4);
        double[] first = core ? Tucker(t1, (o, i) => a1[i * 6 + o], (j, p) => b1[j * 3 + p], 6, 3, 2) : MergeBench.Product(a1, b1, 2);
        double[] second = core ? Tucker(t2, (o, i) => a2[i * 6 + o], (j, p) => b2[j * 3 + p], 6, 3, 2) : MergeBench.Product(a2, b2, 2);
        MergeBench.Close(before.Select((value, i) => value + 2 * 0.5 * first[i] * second[i]), after);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lokr_is_a_kronecker_product_whose_alpha_counts_where_a_factor_is_one(bool factored)
    {
        float[] w1 = MergeBench.Numbers(1, 2 * 3), w2 = MergeBench.Numbers(2, 4 * 5), a = MergeBench.Numbers(3, 4 * 2), b = MergeBench.Numbers(4, 2 * 5);
        using var bench = new MergeBench().Weight(Weight, 8, 15).Lora(file =>
        {
            file.Add(Layer + ".lokr_w1", [2, 3], w1).Add(Layer + ".alpha", [], 1);
            if (factored) file.Add(Layer + ".lokr_w2_a", [4, 2], a).Add(Layer + ".lokr_w2_b", [2, 5], b);
            else file.Add(Layer + ".lokr_w2", [4, 5], w2);
        });
        var (before, after) = bench.Read(Weight, rowsAtOnce: 3);
        double[] large = factored ? MergeBench.Product(a, b, 2) : [.. w2.Select(value => (double)value)];
        MergeBench.Close(before.Select((value, at) =>
        {
            var (row, column) = Math.DivRem(at, 15);
            return value + (factored ? 0.5 : 1) * w1[row / 4 * 3 + column / 5] * large[row % 4 * 5 + column % 5];
        }), after);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dora_gives_the_sum_norms_of_its_own(bool overRows)
    {
        float[] up = MergeBench.Numbers(1, 6 * 2), down = MergeBench.Numbers(2, 2 * 5);
        float[] norms = [.. MergeBench.Numbers(3, overRows ? 6 : 5).Select(value => value + 2)];
        using var bench = new MergeBench().Weight(Weight, 6, 5).Lora(file => file.Add(Layer + ".lora_up.weight", [6, 2], up)
            .Add(Layer + ".lora_down.weight", [2, 5], down).Add(Layer + ".dora_scale", overRows ? [6, 1] : [1, 5], norms), 0.7);
        var (before, after) = bench.Read(Weight, rowsAtOnce: 2);
        double[] sum = [.. MergeBench.Product(up, down, 2).Zip(before, (delta, value) => value + delta)];
        double Norm(int at) => Math.Sqrt(sum.Where((_, i) => overRows ? i / 5 == at / 5 : i % 5 == at % 5).Sum(value => value * value));
        MergeBench.Close(before.Select((value, at) => value + 0.7 * (sum[at] * norms[overRows ? at / 5 : at % 5] / Norm(at) - value)), after);
    }

    [Fact]
    public void Whole_differences_are_added_to_weight_and_bias()
    {
        float[] weight = MergeBench.Numbers(1, 12), bias = MergeBench.Numbers(2, 3);
        using var bench = new MergeBench().Weight(Weight, 3, 4).Weight(Layer + ".bias", 3)
            .Lora(file => file.Add(Layer + ".diff", [3, 4], weight).Add(Layer + ".diff_b", [3], bias), 0.5);
        var (before, after) = bench.Read(Weight);
        MergeBench.Close(before.Zip(weight, (value, delta) => value + 0.5 * delta), after);
        (before, after) = bench.Read(Layer + ".bias");
        MergeBench.Close(before.Zip(bias, (value, delta) => value + 0.5 * delta), after);
    }

    [Fact]
    public void Loras_are_merged_one_after_another()
    {
        float[] up = MergeBench.Numbers(1, 3), down = MergeBench.Numbers(2, 4), norms = [2, 3, 4, 5];
        using var bench = new MergeBench().Weight(Weight, 3, 4)
            .Lora(file => Add(file, up, down), 2)
            .Lora(file => Add(file, up, down).Add(Layer + ".dora_scale", [1, 4], norms));
        var (before, after) = bench.Read(Weight);
        double[] delta = MergeBench.Product(up, down, 1), sum = [.. before.Select((value, i) => value + 3 * delta[i])];
        double Norm(int column) => Math.Sqrt(Enumerable.Range(0, 3).Sum(row => sum[row * 4 + column] * sum[row * 4 + column]));
        MergeBench.Close(sum.Select((value, at) => value * norms[at % 4] / Norm(at % 4)), after);

        static WeightsFile Add(WeightsFile file, float[] up, float[] down) => file
            .Add(Layer + ".lora_up.weight", [3, 1], up).Add(Layer + ".lora_down.weight", [1, 4], down);
    }

    /// <summary>Σ left[o, i] · core[i, j, k] · right[j, p], of [o, p, k] with kernels of nine.</summary>
    private static double[] Tucker(float[] core, Func<int, int, float> left, Func<int, int, float> right, int rows, int width, int rank)
    {
        double[] result = new double[rows * width * 9];
        for (int o = 0; o < rows; o++)
            for (int p = 0; p < width; p++)
                for (int k = 0; k < 9; k++)
                    for (int i = 0; i < rank; i++)
                        for (int j = 0; j < rank; j++) result[(o * width + p) * 9 + k] += (double)left(o, i) * core[(i * rank + j) * 9 + k] * right(j, p);
        return result;
    }
}
