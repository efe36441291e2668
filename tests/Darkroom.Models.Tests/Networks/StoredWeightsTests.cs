using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Weights in every form that a file may have them in, through a layer of [2 → 3].</summary>
public sealed class StoredWeightsTests
{
    // 1, 2, -1, 0.5, 0, 2 in each type; [out, in].
    private static readonly float[] Values = [1, 2, -1, 0.5f, 0, 2];

    public static TheoryData<string, byte[]> Stored => new()
    {
        { "F32", [.. Values.SelectMany(BitConverter.GetBytes)] },
        { "F64", [.. Values.SelectMany(value => BitConverter.GetBytes((double)value))] },
        { "F16", [.. Values.SelectMany(value => BitConverter.GetBytes((Half)value))] },
        { "BF16", [.. Values.SelectMany(value => BitConverter.GetBytes(value)[2..])] },
        { "F8_E4M3", [0x38, 0x40, 0xB8, 0x30, 0, 0x40] },
        { "F8_E5M2", [0x3C, 0x40, 0xBC, 0x38, 0, 0x40] },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Every_floating_type_is_computed_with_in_float32(string type, byte[] bytes)
    {
        using var file = new WeightsFile().Add("layer.weight", type, [3, 2], bytes).Add("layer.bias", [3], 0, 0, 10);
        Assert.Equal([5, 0, 14], Answer(new FileWeights(file.Read())));
    }

    [Fact]
    public void Odd_places_in_a_file_do_not_matter()
    {
        using var file = new WeightsFile().Add("odd", "U8", [1], [7]).Add("layer.weight", [3, 2], Values).Add("layer.bias", [3], 0, 0, 10);
        Assert.Equal([5, 0, 14], Answer(new FileWeights(file.Read())));
    }

    [Fact]
    public void Matrix_may_lie_the_other_way_round()
    {
        using var file = new WeightsFile().Add("layer.weight", [2, 3], 1, -1, 0, 2, 0.5f, 2).Add("layer.bias", [3], 0, 0, 10);
        Assert.Equal([5, 0, 14], Answer(new Views(file.Read(), tensor => tensor.Shape.Count == 2 ? tensor.Transpose() : tensor)));
    }

    [Fact]
    public void Matrix_may_be_a_run_of_rows_of_a_larger_one()
    {
        byte[] bytes = [.. new byte[4], .. Values.SelectMany(value => BitConverter.GetBytes(value)[2..]), .. new byte[4]];
        using var file = new WeightsFile().Add("layer.weight", "BF16", [5, 2], bytes).Add("layer.bias", [3], 0, 0, 10);
        Assert.Equal([5, 0, 14], Answer(new Views(file.Read(), tensor => tensor.Shape.Count == 2 ? tensor.Rows(1, 3) : tensor)));
    }

    [Fact]
    public void Halves_of_a_matrix_may_lie_the_other_way_round()
    {
        using var file = new WeightsFile().Add("layer.weight", [4, 2], 1, 2, 3, 4, 5, 6, 7, 8).Add("odd", [3, 1], 1, 2, 3);
        var swapped = file.Read().Tensors["layer.weight"].SwapHalves();
        Assert.Equal([5, 6, 7, 8, 1, 2, 3, 4], swapped.ReadFloats());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], swapped.SwapHalves().ReadFloats());
        for (int first = 0; first < 8; first++)
            for (int count = 0; first + count <= 8; count++)
            {
                byte[] part = new byte[4 * count];
                using (var handle = File.OpenHandle(file.Path)) swapped.Read(handle, 4 * first, part);
                Assert.Equal(swapped.ReadFloats()[first..(first + count)], part.Chunk(4).Select(bytes => BitConverter.ToSingle(bytes)));
            }
        Assert.Throws<InvalidOperationException>(() => swapped.Rows(0, 1));
        Assert.Throws<InvalidOperationException>(() => file.Read().Tensors["odd"].SwapHalves());
    }

    [Fact]
    public void Table_in_float8_gives_rows()
    {
        using var file = new WeightsFile().Add("table.weight", "F8_E4M3", [3, 2], [0x38, 0x40, 0xB8, 0x30, 0, 0x40]);
        var network = new NetworkWriter(GraphTarget.Cpu, new FileWeights(file.Read()), new FaultList(), "model.safetensors");
        var ids = network.Graph.Input("ids", OnnxElement.Int64, "rows");
        network.Graph.FloatOutput("y", network.Root["table"].Embedding(ids, 3, 2), "rows", 2);
        using var graph = OnnxGraph.Load(network.Finish("part")!, new SessionSettings());
        Assert.Equal([0, 2, 1, 2], Twins.Run(graph, new Dictionary<string, Feed> { ["ids"] = new([2], [2, 0]) })["y"].Values);
    }

    [Fact]
    public void Matrix_may_be_a_convolution_of_one_cell()
    {
        using var file = new WeightsFile().Add("layer.weight", [3, 2, 1, 1], Values).Add("layer.bias", [3], 0, 0, 10);
        Assert.Equal([5, 0, 14], Answer(new FileWeights(file.Read())));
    }

    [Fact]
    public void Matrix_may_have_a_scale()
    {
        using var file = new WeightsFile().Add("layer.weight", "F8_E4M3", [3, 2], [0x38, 0x40, 0xB8, 0x30, 0, 0x40]).Add("layer.bias", [3], 0, 0, 10)
            .Add("scale", "F32", [], BitConverter.GetBytes(3f));
        var read = file.Read();
        Assert.Equal([15, 0, 22], Answer(new Views(read, tensor => tensor.Type == StoredType.F8E4M3 ? tensor with { Scale = read.Tensors["scale"] } : tensor)));
        Assert.Equal([15, 0, 42], Answer(new Views(read, tensor => tensor with { Scale = read.Tensors["scale"] }))); // the bias too, in float32
    }

    [Fact]
    public void Weights_may_lie_in_several_folders()
    {
        using WeightsFile one = new WeightsFile().Add("layer.weight", [3, 2], Values), other = new WeightsFile().Add("layer.bias", [3], 0, 0, 10);
        Assert.Equal([5, 0, 14], Answer(new FileWeights(one.Read(), other.Read())));
    }

    [Fact]
    public void Weights_file_may_be_a_link_to_elsewhere()
    {
        using var file = new WeightsFile().Add("layer.weight", [3, 2], Values).Add("layer.bias", [3], 0, 0, 10);
        file.Read();
        string folder = Directory.CreateTempSubdirectory("darkroom-link-").FullName, link = Path.Combine(folder, "weights.safetensors");
        File.CreateSymbolicLink(link, file.Path);
        Assert.Equal([5, 0, 14], Answer(new FileWeights(SafetensorsFile.Read(link))));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void All_weights_that_do_not_fit_are_named_at_once()
    {
        using var file = new WeightsFile().Add("layer.weight", [2, 3], Values).Add("whole.weight", "I64", [1], new byte[8]);
        var faults = new FaultList();
        var network = new NetworkWriter(GraphTarget.Cpu, new FileWeights(file.Read()), faults, "model.safetensors");
        var rows = network.Graph.FloatInput("x", 2, "rows", 2);
        network.Graph.FloatOutput("y", network.Root["layer"].Linear(rows, 3) + network.Root["whole"]["weight"].Parameter(1), "rows", 3);
        Assert.Null(network.Finish("part"));
        Assert.Equal("model.safetensors: weight 'layer.weight' is [2, 3] where [3, 2] is needed; "
            + "model.safetensors: weight 'layer.bias' is missing; [3] is needed; "
            + "model.safetensors: weight 'whole.weight' is of type I64 where floating point is needed", faults.ToString());
    }

    [Fact]
    public void Graph_whose_weights_are_gone_is_refused_without_the_machines_folders()
    {
        var file = new WeightsFile().Add("layer.weight", [3, 2], Values).Add("layer.bias", [3], 0, 0, 10);
        var written = Write(new FileWeights(file.Read()));
        file.Dispose();
        string message = Assert.Throws<GraphException>(() => OnnxGraph.Load(written, new SessionSettings())).Message;
        Assert.Equal("part: its weights cannot be read: the file is gone", message);
        Assert.DoesNotContain(Path.GetDirectoryName(file.Path)!, message, StringComparison.Ordinal);
    }

    /// <summary>What the layer makes of (1, 2).</summary>
    private static float[] Answer(IWeights weights)
    {
        using var graph = OnnxGraph.Load(Write(weights), new SessionSettings());
        return Twins.Run(graph, new Dictionary<string, Feed> { ["x"] = new([1, 2], [1, 2]) })["y"].Values;
    }

    private static WrittenGraph Write(IWeights weights)
    {
        var faults = new FaultList();
        var network = new NetworkWriter(GraphTarget.Cpu, weights, faults, "model.safetensors");
        network.Graph.FloatOutput("y", network.Root["layer"].Linear(network.Graph.FloatInput("x", 2, "rows", 2), 3), "rows", 3);
        var written = network.Finish("part");
        Assert.Null(faults.ToString());
        return written!;
    }

    /// <summary>Weights as a map between names might hand them over.</summary>
    private sealed class Views(SafetensorsFile file, Func<StoredTensor, StoredTensor> view) : IWeights
    {
        public StoredTensor? Find(string name) => file.Tensors.TryGetValue(name, out var tensor) ? view(tensor) : null;
    }
}
