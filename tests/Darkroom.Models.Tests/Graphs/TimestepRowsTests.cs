using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Small denoisers that take their timestep in every way exporters write it: out = sample + sin(timestep · frequency of the channel).</summary>
public sealed class TimestepRowsTests
{
    private static readonly LatentShape Shape = new(4, 2, 2);
    private static readonly float[] Frequencies = [0.01f, 0.013f, 0.003f, 0.0017f];

    /// <summary>From the input "timestep" to a value that stands for one number a row, or to the embedding itself.</summary>
    private static readonly Dictionary<string, (int Element, object[] Axes, long Opset, Func<HandMadeGraph, string> Lift)> Lifts = new()
    {
        ["number, lifted, cast, expanded"] = (HandMadeGraph.Float, [], 17, g =>
            Column(g, Expand(g, g.Node("Cast", [g.Node("Unsqueeze", ["timestep", g.Constant(0)])], number: ("to", 1))))),
        ["int64 number, lifted, expanded, cast"] = (HandMadeGraph.Int64, [], 17, g =>
            Column(g, g.Node("Cast", [Expand(g, g.Node("Unsqueeze", ["timestep", g.Constant(0)]))], number: ("to", 1)))),
        ["number, expanded at once"] = (HandMadeGraph.Float, [], 17, g => Column(g, Expand(g, "timestep"))),
        ["number, reshaped to one, never expanded"] = (HandMadeGraph.Float, [], 17, g => Column(g, g.Node("Reshape", ["timestep", g.Constant(1)]))),
        ["number, reshaped to a free row"] = (HandMadeGraph.Float, [], 17, g => Column(g, g.Node("Reshape", ["timestep", g.Constant(-1)]))),
        ["number, reshaped to a column"] = (HandMadeGraph.Float, [], 17, g => g.Node("Reshape", ["timestep", g.Constant(1, 1)])),
        ["number, two axes at once"] = (HandMadeGraph.Float, [], 17, g => g.Node("Unsqueeze", ["timestep", g.Constant(0, 1)])),
        ["number, multiplied with the table itself"] = (HandMadeGraph.Float, [], 17, _ => "timestep"),
        ["number, scaled and clipped, tiled"] = (HandMadeGraph.Float, [], 17, g => Column(g, g.Node("Tile",
            [g.Node("Unsqueeze", [g.Node("Clip", [g.Node("Div", [g.Node("Mul", ["timestep", g.Scalar(3)]), g.Scalar(3)]), g.Scalar(0), g.Scalar(1000)]),
                g.Constant(0)]), Batch(g)]))),
        ["number, axes as attribute"] = (HandMadeGraph.Float, [], 11, g =>
            g.Node("Unsqueeze", [g.Node("Unsqueeze", ["timestep"], ints: "axes", values: [0])], ints: "axes", values: [1])),
        ["number with the table, axes as attribute"] = (HandMadeGraph.Float, [], 11, _ => "timestep"),
        ["list of one, expanded"] = (HandMadeGraph.Float, [1], 17, g => Column(g, Expand(g, "timestep"))),
        ["int32 list of one, cast, never expanded"] = (HandMadeGraph.Int32, [1], 17, g => Column(g, g.Node("Cast", ["timestep"], number: ("to", 1)))),
        ["list of one, axis in front"] = (HandMadeGraph.Float, [1], 17, g => g.Node("Unsqueeze", ["timestep", g.Constant(0)])),
        ["list of one, squeezed and lifted again"] = (HandMadeGraph.Float, [1], 17, g =>
            Column(g, g.Node("Unsqueeze", [g.Node("Squeeze", ["timestep", g.Constant(0)]), g.Constant(0)]))),
        ["list of one, its first taken"] = (HandMadeGraph.Float, [1], 17, g => Column(g, Expand(g, g.Node("Gather", ["timestep", g.Constant(0)])))),
        ["free list of another name"] = (HandMadeGraph.Float, ["steps"], 17, g => Column(g, Expand(g, "timestep"))),
    };

    public static TheoryData<string> Patterns => new(Lifts.Keys);

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Every_row_gets_its_own_timestep(string pattern)
    {
        using var graph = Graph(pattern);
        using var denoiser = Open(graph.Write());
        Assert.Null(denoiser.TimestepReason);
        Assert.True(denoiser.TimestepPerRow);
        Check(denoiser, [800, 20, 333]);
        Check(denoiser, [7]);
    }

    [Fact]
    public void A_graph_with_rows_of_its_own_is_opened_as_it_is()
    {
        using var graph = Start(HandMadeGraph.Float, ["batch"], 17);
        Finish(graph, Column(graph, "timestep"));
        Assert.Equal(GraphEdit.NotNeeded, TimestepRows.Apply(OnnxModel.Read(graph.Write()), "sample", "timestep"));
        using var denoiser = Open(graph.Path);
        Assert.True(denoiser.TimestepPerRow);
        Check(denoiser, [800, 20, 333]);
    }

    [Fact]
    public void Stale_notes_on_lifted_values_do_not_stand_in_the_way()
    {
        using var graph = Graph("number, reshaped to a column");
        graph.Note("Mul_5", HandMadeGraph.Float, 1, 4);
        using var denoiser = Open(graph.Write());
        Assert.Null(denoiser.TimestepReason);
        Check(denoiser, [800, 20]);
    }

    [Fact]
    public void Weights_in_a_file_beside_the_graph_stay_there()
    {
        using var graph = Start(HandMadeGraph.Float, [], 17);
        Finish(graph, "timestep", graph.External("weights.bin", 4096, [1, 4], Frequencies));
        string here = graph.Write();
        byte[] before = File.ReadAllBytes(here);
        using var denoiser = Open(here);
        Assert.Null(denoiser.TimestepReason);
        Check(denoiser, [800, 20, 333]);
        Assert.Equal(before, File.ReadAllBytes(here));
        Assert.Equal(2, Directory.EnumerateFiles(Path.GetDirectoryName(here)!).Count());
    }

    [Fact]
    public void A_model_behind_a_link_is_edited_too()
    {
        using var graph = Graph("number, expanded at once");
        string link = Path.Combine(graph.Folder, "snapshot", "unet", "model.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, graph.Write());
        using var denoiser = Open(link);
        Assert.Null(denoiser.TimestepReason);
        Check(denoiser, [800, 20]);
    }

    [Fact]
    public void A_folder_of_links_into_a_store_keeps_its_weights_there()
    {
        using var graph = Start(HandMadeGraph.Float, [], 17);
        Finish(graph, "timestep", graph.External("weights.bin", 4096, [1, 4], Frequencies));
        string store = Directory.CreateDirectory(Path.Combine(graph.Folder, "blobs")).FullName, folder = Path.GetDirectoryName(graph.Write())!;
        foreach (string file in new[] { "model.onnx", "weights.bin" })
        {
            File.Move(Path.Combine(folder, file), Path.Combine(store, $"{file.Length}"));
            File.CreateSymbolicLink(Path.Combine(folder, file), Path.Combine("..", "blobs", $"{file.Length}"));
        }
        using var denoiser = Open(graph.Path);
        Assert.Null(denoiser.TimestepReason);
        Check(denoiser, [800, 20]);
    }

    [Fact]
    public void A_fixed_number_of_rows_is_said_to_be()
    {
        using var graph = new HandMadeGraph();
        graph.Input("sample", HandMadeGraph.Float, 1, 4, "h", "w").Input("timestep", HandMadeGraph.Float)
            .Output("out_sample", HandMadeGraph.Float, 1, 4, "h", "w");
        Finish(graph, "timestep");
        Refused(graph, "the graph takes 1 rows, not any number");
    }

    [Fact]
    public void A_timestep_that_is_looked_up_as_one_number_is_refused_by_the_nodes_name()
    {
        using var graph = Start(HandMadeGraph.Int64, [], 17);
        string row = graph.Node("Gather", [graph.Table([1000, 1], [.. Enumerable.Range(0, 1000).Select(i => (float)i)]), "timestep"], "looked_up");
        Finish(graph, graph.Node("Reshape", [row, graph.Constant(1, 1)]));
        Refused(graph, "node '/looked_up' (Gather) takes the timestep as a single number");
    }

    [Fact]
    public void Rows_that_change_each_other_fail_the_proof()
    {
        using var graph = Start(HandMadeGraph.Float, [1], 17);
        string mean = graph.Node("ReduceMean", ["timestep"], ints: "axes", values: [0]);
        Finish(graph, Column(graph, mean));
        Refused(graph, "rows of different timesteps change each other's answers");
    }

    [Fact]
    public void A_timestep_that_changes_nothing_proves_nothing()
    {
        using var graph = Start(HandMadeGraph.Float, [], 17);
        Finish(graph, Column(graph, Expand(graph, graph.Node("Mul", ["timestep", graph.Scalar(0)]))));
        Refused(graph, "its answers hardly depend on the timestep, so nothing could be shown");
    }

    [Fact]
    public void An_edit_that_the_runtime_refuses_leaves_the_graph_as_it_was()
    {
        using var graph = Start(HandMadeGraph.Float, [], 17);
        // The row is made of the number through a computed shape, two axes deep: rows times rows.
        string one = graph.Node("Expand", ["timestep", graph.Node("Concat", [Batch(graph), graph.Constant(1)], number: ("axis", 0))]);
        Finish(graph, one);
        using var denoiser = Open(graph.Write());
        Assert.False(denoiser.TimestepPerRow);
        Assert.Equal("ONNX Runtime refuses the edited graph", denoiser.TimestepReason);
        Check(denoiser, [400]);
    }

    [Fact]
    public void A_proof_is_made_once_for_a_content()
    {
        using var graph = Graph("number, expanded at once");
        string file = Path.Combine(graph.Folder, "data", "proofs.json");
        using (var first = Open(graph.Write(), new ProofFile(file))) Assert.True(first.TimestepPerRow);
        string kept = File.ReadAllText(file);
        Assert.Contains("content", kept, StringComparison.Ordinal);
        using (var second = Open(graph.Path, new ProofFile(file))) Assert.True(second.TimestepPerRow);

        File.WriteAllText(file, kept.Replace("\"\"", "\"was wrong before\"", StringComparison.Ordinal));
        using (var third = Open(graph.Path, new ProofFile(file))) Assert.Equal("was wrong before", third.TimestepReason);

        File.WriteAllText(file, "{ broken");
        using (var fourth = Open(graph.Path, new ProofFile(file))) Assert.True(fourth.TimestepPerRow);
        Assert.Equal(kept, File.ReadAllText(file));
    }

    private static HandMadeGraph Graph(string pattern)
    {
        var (element, axes, opset, lift) = Lifts[pattern];
        var graph = Start(element, axes, opset);
        Finish(graph, lift(graph), opset: opset);
        return graph;
    }

    private static HandMadeGraph Start(int element, object[] axes, long opset) => new HandMadeGraph(opset)
        .Input("sample", HandMadeGraph.Float, "batch", 4, "h", "w").Input("timestep", element, axes)
            .Output("out_sample", HandMadeGraph.Float, "batch", 4, "h", "w");

    /// <summary>A column, or a number, times the frequencies; the sine of it is added to every cell of its channel.</summary>
    private static void Finish(HandMadeGraph graph, string column, string? table = null, long opset = 17)
    {
        string wave = graph.Node("Sin", [graph.Node("Mul", [column, table ?? graph.Table([1, 4], Frequencies)], "Mul_5")]);
        string cells = opset >= 13 ? graph.Node("Unsqueeze", [wave, graph.Constant(2, 3)]) : graph.Node("Unsqueeze", [wave], ints: "axes", values: [2, 3]);
        graph.Node("Add", ["sample", cells], "out_sample");
    }

    private static string Column(HandMadeGraph graph, string rows) => graph.Node("Unsqueeze", [rows, graph.Constant(1)]);

    private static string Batch(HandMadeGraph graph) => graph.Node("Gather", [graph.Node("Shape", ["sample"]), graph.Constant(0)], number: ("axis", 0));

    private static string Expand(HandMadeGraph graph, string value) => graph.Node("Expand", [value, Batch(graph)]);

    private static Denoiser Open(string path, ProofFile? proofs = null) =>
        new EditedGraphs(new SessionSettings { Threads = 1 }, proofs ?? new ProofFile(), "content").OpenDenoiser(path, Shape, 7);

    private static void Refused(HandMadeGraph graph, string reason)
    {
        using var denoiser = Open(graph.Write());
        Assert.False(denoiser.TimestepPerRow);
        Assert.Equal(reason, denoiser.TimestepReason);
        Check(denoiser, [400], values: false); // it still runs
    }

    private static void Check(Denoiser denoiser, double[] timesteps, bool values = true)
    {
        var latents = timesteps.Select((_, row) => Enumerable.Range(0, Shape.Length).Select(i => 0.1f * i + row).ToArray()).ToArray();
        var rows = timesteps.Select((time, row) => new DenoiserRow(latents[row], 1, time, new Conditioning([]), new float[Shape.Length])).ToArray();
        denoiser.Run(Shape, rows);
        if (!values) return;
        for (int row = 0; row < rows.Length; row++)
            for (int i = 0; i < Shape.Length; i++)
                Assert.Equal(latents[row][i] + Math.Sin(timesteps[row] * Frequencies[i / 4]), rows[row].Output.Span[i], 1e-4);
    }
}
