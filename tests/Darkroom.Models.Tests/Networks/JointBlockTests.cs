using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Blocks;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Sessions;
using static Darkroom.Models.Tests.Networks.PlainRows;

namespace Darkroom.Models.Tests.Networks;

/// <summary>
/// Stable Diffusion 3.5's blocks, whose queries and keys are normalised and whose picture attends to itself once more, against the formulas: no exporter's
/// graph of one is in the pack.
/// </summary>
public sealed class JointBlockTests : IDisposable
{
    private const int Width = 12, Heads = 3, Cells = 5, Words = 4;
    private const double Epsilon = 1e-6;

    private readonly WeightsFile file = new();
    private readonly Dictionary<string, float[]> weights = [];
    private int seed = 100;

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Block_is_what_its_formulas_say(bool dual, bool last)
    {
        Layer("norm1.linear", (dual ? 9 : 6) * Width, Width);
        Layer("norm1_context.linear", (last ? 2 : 6) * Width, Width);
        foreach (string name in (string[])["attn.to_q", "attn.to_k", "attn.to_v", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj", "attn.to_out.0",
            "attn.to_add_out", "attn2.to_q", "attn2.to_k", "attn2.to_v", "attn2.to_out.0"]) Layer(name, Width, Width);
        foreach (string name in (string[])["attn.norm_q", "attn.norm_k", "attn.norm_added_q", "attn.norm_added_k", "attn2.norm_q", "attn2.norm_k"])
            Tensor(name + ".weight", Width / Heads);
        foreach (string name in (string[])["ff", "ff_context"])
        {
            Layer(name + ".net.0.proj", 4 * Width, Width);
            Layer(name + ".net.2", Width, 4 * Width);
        }

        Feed picture = Feed.Normal(1, 1, Cells, Width), text = Feed.Normal(2, 1, Words, Width), condition = Feed.Normal(3, 1, Width);
        using var graph = OnnxGraph.Load(Write(dual, last), new SessionSettings());
        var given = Twins.Run(graph, new Dictionary<string, Feed> { ["picture"] = picture, ["text"] = text, ["condition"] = condition });
        var (wantedPicture, wantedText) = Expected(Rows(picture), Rows(text), Rows(condition), dual, last);
        Near(wantedPicture, given["picture_out"]);
        if (!last) Near(wantedText!, given["text_out"]);
    }

    private WrittenGraph Write(bool dual, bool last)
    {
        var faults = new FaultList();
        var network = new NetworkWriter(GraphTarget.Cpu, new FileWeights(file.Read()), faults, "model.safetensors");
        var picture = network.Graph.FloatInput("picture", Width, "batch", "cells", Width);
        var text = network.Graph.FloatInput("text", Width, "batch", "words", Width);
        var condition = network.Graph.FloatInput("condition", Width, "batch", Width);
        var sequences = Sequences.Of(picture);
        var block = new JointBlock(sequences, new JointAttention(sequences, Heads, normalises: true)) { IsDual = dual, IsLast = last };
        var (pictureOut, textOut) = block.Write(network.Root, picture, text, condition);
        network.Graph.FloatOutput("picture_out", pictureOut, "batch", "cells", Width);
        if (!last) network.Graph.FloatOutput("text_out", textOut, "batch", "words", Width);
        var written = network.Finish("transformer");
        Assert.Null(faults.ToString());
        return written!;
    }

    /// <summary>diffusers' <c>JointTransformerBlock</c>, line by line.</summary>
    private (double[][] Picture, double[][]? Text) Expected(double[][] picture, double[][] text, double[][] condition, bool dual, bool last)
    {
        double[][] mine = [.. Apply("norm1.linear", condition)[0].Chunk(Width)], theirs = [.. Apply("norm1_context.linear", condition)[0].Chunk(Width)];
        var own = Modulated(picture, mine[0], mine[1]);
        var other = last ? Modulated(text, theirs[1], theirs[0]) : Modulated(text, theirs[0], theirs[1]); // the last has the scale first
        double[][] keys = [.. Head("attn.to_k", "attn.norm_k", own), .. Head("attn.add_k_proj", "attn.norm_added_k", other)],
            values = [.. Apply("attn.to_v", own), .. Apply("attn.add_v_proj", other)];
        var attended = Apply("attn.to_out.0", Attend(Head("attn.to_q", "attn.norm_q", own), keys, values, Heads));
        var stream = Add(picture, Map(attended, (value, i) => value * mine[2][i]));
        if (dual)
        {
            var second = Modulated(picture, mine[6], mine[7]);
            var again = Attend(Head("attn2.to_q", "attn2.norm_q", second), Head("attn2.to_k", "attn2.norm_k", second), Apply("attn2.to_v", second), Heads);
            stream = Add(stream, Map(Apply("attn2.to_out.0", again), (value, i) => value * mine[8][i]));
        }
        stream = Forward("ff", stream, mine);
        if (last) return (stream, null);
        attended = Apply("attn.to_add_out", Attend(Head("attn.add_q_proj", "attn.norm_added_q", other), keys, values, Heads));
        return (stream, Forward("ff_context", Add(text, Map(attended, (value, i) => value * theirs[2][i])), theirs));
    }

    private double[][] Forward(string name, double[][] stream, double[][] vectors)
    {
        var inner = Map(Apply(name + ".net.0.proj", Modulated(stream, vectors[3], vectors[4])), (value, _) => Gelu(value));
        return Add(stream, Map(Apply(name + ".net.2", inner), (value, i) => value * vectors[5][i]));
    }

    private double[][] Head(string layer, string norm, double[][] rows) => HeadNorm(Apply(layer, rows), weights[norm + ".weight"], Epsilon);

    private double[][] Apply(string layer, double[][] rows) => Linear(rows, weights[layer + ".weight"], weights[layer + ".bias"]);

    private static double[][] Modulated(double[][] rows, double[] shift, double[] scale) =>
        Map(LayerNorm(rows, Epsilon), (value, i) => value * (1 + scale[i]) + shift[i]);

    private void Layer(string name, int outputs, int inputs)
    {
        Tensor(name + ".weight", outputs, inputs);
        Tensor(name + ".bias", outputs);
    }

    private void Tensor(string name, params int[] shape)
    {
        var values = Feed.Normal(seed++, [.. shape.Select(side => (long)side)]).Values;
        for (int i = 0; i < values.Length; i++) values[i] *= 0.4f;
        file.Add(name, shape, weights[name] = values);
    }

    private static double[][] Rows(Feed feed) => [.. feed.Values.Chunk(Width).Select(row => row.Select(value => (double)value).ToArray())];

    private static void Near(double[][] wanted, Feed given) =>
        Assert.All(wanted.SelectMany(row => row).Zip(given.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
}
