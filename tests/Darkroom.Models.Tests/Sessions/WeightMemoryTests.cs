using System.Runtime.InteropServices;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>Weights in memory, and who shares them.</summary>
public sealed class WeightMemoryTests : IDisposable
{
    private const int Line = 64; // each weight begins a cache line

    private readonly WeightsFile file = new WeightsFile().Add("a", [2, 3], 1, 2, 3, 4, 5, 6).Add("b", [2, 2], 7, 8, 9, 10);
    private readonly WeightPool pool = new();
    private readonly SafetensorsFile read;

    public WeightMemoryTests() => read = file.Read();

    public void Dispose() => file.Dispose();

    [Fact]
    public void What_others_hold_is_shared_and_stays_until_the_last_has_gone()
    {
        var whole = WeightMemory.Read("part", [Weight("a"), Weight("b")], 1, pool);
        var variant = WeightMemory.Read("part", [Weight("a", new Add(100)), Weight("b")], 1, pool);
        Assert.Equal((2 * Line, Line), (whole.OwnBytes, variant.OwnBytes));
        Assert.Equal(PlaceOf(whole, "b").Address, PlaceOf(variant, "b").Address);
        whole.Dispose();
        whole.Dispose();
        Assert.Equal([7, 8, 9, 10], ValuesOf(variant, "b"));
        Assert.Equal([101, 102, 103, 104, 105, 106], ValuesOf(variant, "a"));
        using (var again = WeightMemory.Read("part", [Weight("a"), Weight("b")], 1, pool)) Assert.Equal(0, again.OwnBytes); // for b the block is there still
        variant.Dispose();
        using var fresh = WeightMemory.Read("part", [Weight("a"), Weight("b")], 1, pool);
        Assert.Equal(2 * Line, fresh.OwnBytes);
        Assert.Equal([1, 2, 3, 4, 5, 6], ValuesOf(fresh, "a"));
    }

    [Fact]
    public void A_weight_in_another_type_or_changed_is_nobody_elses()
    {
        using var whole = WeightMemory.Read("part", [Weight("a")], 1, pool);
        using var half = WeightMemory.Read("part", [Weight("a", element: OnnxElement.Float16)], 1, pool);
        using var changed = WeightMemory.Read("part", [Weight("a", new Add(1))], 1, pool);
        using var same = WeightMemory.Read("part", [Weight("a", new Add(1))], 1, pool);
        Assert.Equal((Line, Line, Line), (half.OwnBytes, changed.OwnBytes, same.OwnBytes));
    }

    [Fact]
    public void A_file_that_is_gone_leaves_nothing_held()
    {
        using (WeightMemory.Read("part", [Weight("a")], 1, pool))
        {
            file.Dispose();
            Assert.Throws<GraphException>(() => WeightMemory.Read("part", [Weight("a"), Weight("b")], 1, pool));
            using var shared = WeightMemory.Read("part", [Weight("a")], 1, pool); // needs no file
            Assert.Equal(0, shared.OwnBytes);
        }
        Assert.Throws<GraphException>(() => WeightMemory.Read("part", [Weight("a")], 1, pool));
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!); // as it is disposed of again
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(33, 17)]
    [InlineData(700, 1700)]
    public void A_matrix_that_lies_the_other_way_round_is_changed_by_rows_and_stays_so(int rows, int columns)
    {
        float[] stored = [.. Enumerable.Range(0, rows * columns).Select(i => (float)(i % 1000))];
        using var other = new WeightsFile().Add("w", [columns, rows], stored);
        var tensor = other.Read().Tensors["w"].Transpose().With([new AddRow()]);
        foreach (int element in (int[])[OnnxElement.Float, OnnxElement.Float16])
        {
            using var memory = WeightMemory.Read("part", [new(tensor, element, "w")], 2);
            float[] expected = [.. stored.Select((value, i) => value + i % rows)];
            Assert.Equal(element == OnnxElement.Float ? expected : [.. expected.Select(value => (float)(Half)value)], ValuesOf(memory, "w", element));
        }
    }

    /// <summary>The larger one is read in several pieces.</summary>
    [Theory]
    [InlineData(112, 16, 8)]
    [InlineData(240, 5120, 8)]
    [InlineData(240, 5120, 16)]
    public void A_weight_in_blocks_is_changed_by_rows_too_and_is_nobody_elses(int outputs, int inputs, int block)
    {
        float[] stored = [.. Enumerable.Range(0, outputs * inputs).Select(i => (float)(i % 1000))];
        using var other = new WeightsFile().Add("w", [outputs, inputs, 1, 1], stored);
        var tensor = other.Read().Tensors["w"];
        using var plain = WeightMemory.Read("part", [new(tensor, OnnxElement.Float, "w")], 2, pool);
        using var blocked = WeightMemory.Read("part", [new(tensor, OnnxElement.Float, "w") { Block = block }], 2, pool);
        using var changed = WeightMemory.Read("part", [new(tensor.With([new AddRow()]), OnnxElement.Float, "w") { Block = block }], 2, pool);
        Assert.True(blocked.OwnBytes > 0);
        float[] values = ValuesOf(blocked, "w"), added = ValuesOf(changed, "w");
        int wrong = 0;
        for (int i = 0; i < stored.Length; i++)
        {
            var (output, input) = (i / inputs, i % inputs);
            int place = ((output / block * (inputs / block) + input / block) * block + input % block) * block + output % block;
            if (values[place] != stored[i] || added[place] != stored[i] + output) wrong++;
        }
        Assert.Equal(0, wrong);
    }

    private PlacedWeight Weight(string name, IWeightChange? change = null, int element = OnnxElement.Float)
    {
        var tensor = read.Tensors[name];
        return new(change is null ? tensor : tensor.With([change]), element, name);
    }

    private static WeightPlace PlaceOf(WeightMemory memory, string name) => memory.Places.Single(place => place.Name == name);

    private static unsafe float[] ValuesOf(WeightMemory memory, string name, int element = OnnxElement.Float)
    {
        var place = PlaceOf(memory, name);
        var bytes = new ReadOnlySpan<byte>((void*)place.Address, (int)place.Bytes);
        return element == OnnxElement.Float ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)];
    }

    private sealed class Add(float number) : IWeightChange
    {
        public void Apply(Span<float> rows, int first, int columns)
        {
            foreach (ref float value in rows) value += number;
        }
    }

    /// <summary>Adds to each row its place.</summary>
    private sealed class AddRow : IWeightChange
    {
        public void Apply(Span<float> rows, int first, int columns)
        {
            for (int i = 0; i < rows.Length; i++) rows[i] += first + i / columns;
        }
    }
}
