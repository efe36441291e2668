using Darkroom.Diffusion.Noise;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families;
using Darkroom.Models.Families.StableDiffusion;
using Darkroom.Models.Families.StableDiffusionXl;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Families;

/// <summary>Denoisers that give values of their inside beside their answer.</summary>
[Trait("Category", "Conformance")]
public sealed class ObservedModelTests
{
    private const string Starter = "starter";

    public static TheoryData<string, string, int> Models => new()
    {
        { "sd15-tiny", "onnx", 0 }, // the softmax's own values, [B, heads, S, T]
        { "sd15-tiny", "diffusers", 0 }, // a graph that is written here, whose attention is one operator
        { "sdxl-tiny", "onnx", 0 },
        { "sdxl-tiny", "diffusers", 0 },
        { "lcm-tiny", "onnx", 0 },
        { Starter, "", 7 }, // [B · heads, S, T]
    };

    [Theory, MemberData(nameof(Models))]
    public void Attention_is_that_of_queries_and_keys_of_the_same_call(string name, string layout, int layers)
    {
        using var model = Load(name, layout);
        var observed = Observable(name, layout);
        Assert.True(layers == 0 || observed.Attention.Count == layers);
        string[] factors = [.. observed.Attention.SelectMany(attention => new[] { attention.Query, attention.Key })];
        using var variant = model.With([], observed: new(true, factors));
        var rows = Rows(model, 2);
        var seen = Run(variant.Model, rows);
        int count = observed.Attention.Count;
        for (int row = 0; row < rows.Length; row++)
        {
            for (int i = 0; i < count; i++)
            {
                var maps = seen[row].Values[i];
                var wanted = Plain(observed.Attention[i], seen[row].Values[count + 2 * i], seen[row].Values[count + 2 * i + 1]);
                Assert.Equal(maps.Shape, wanted.Shape); // [S, T]
                Assert.Equal(0, Furthest(maps.Values, wanted.Values), 1e-5);
                for (int at = 0; at < maps.Shape[0]; at++)
                    Assert.Equal(1, maps.Values.AsSpan((int)(at * maps.Shape[1]), (int)maps.Shape[1]).ToArray().Sum(), 1e-4);
            }
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Answer_is_that_of_the_model_as_it_is_bit_for_bit(string name, string layout, int _)
    {
        using var model = Load(name, layout);
        using var variant = model.With([], observed: Observation.OfAttention);
        var rows = Rows(model, 3);
        var plain = Run(model, rows);
        var observed = Run(variant.Model, rows);
        for (int row = 0; row < rows.Length; row++) Assert.Equal(plain[row].Output, observed[row].Output);
        Assert.Empty(plain[0].Values);
        Assert.NotEqual(model.Denoiser.Variant, variant.Model.Denoiser.Variant);
    }

    [Theory]
    [InlineData("sd15-tiny", "onnx")]
    [InlineData("dit-tiny", "onnx")]
    [InlineData(Starter, "")]
    public void Layers_are_the_values_of_the_file_itself(string name, string layout)
    {
        using var model = Load(name, layout);
        var graph = OnnxModel.Read(Path.Combine(PathOf(name, layout), model.Denoiser.Name, "model.onnx"));
        var observed = new ObservedGraph(graph, Denoiser.SampleNames);
        string[] layers = [.. observed.Layers];
        Assert.NotEmpty(layers);
        using var variant = model.With([], observed: new(false, layers));
        var row = Rows(model, 1);
        var seen = Run(variant.Model, row)[0];
        foreach (string layer in layers) graph.Outputs.Add(OnnxPort.Untyped(observed.ValueOf(layer)!, 1));
        using var plain = OnnxGraph.Load(graph, new SessionSettings { Threads = 2 });
        var feeds = row[0].Conditioning.Tensors.ToDictionary(
            tensor => tensor.Input, tensor => new Feed([1, .. tensor.Shape.Select(side => (long)side)], tensor.Values));
        var shape = ShapeOf(model);
        feeds[plain.Inputs[0].Name] = new([1, shape.Channels, shape.Height, shape.Width], row[0].Latents.ToArray());
        feeds[plain.Inputs.Single(port => port.Name is "timestep" or "t").Name] = Feed.Of((float)row[0].Timestep);
        var wanted = Twins.Run(plain, feeds, [.. layers.Select(layer => observed.ValueOf(layer)!).Distinct()]);
        for (int i = 0; i < layers.Length; i++)
            Assert.Equal(0, Furthest(seen.Values[i].Values, wanted[observed.ValueOf(layers[i])!].Values), 1e-5);
    }

    [Fact]
    public void Exported_and_written_graphs_have_layers_of_the_same_names_and_values()
    {
        using var exported = Load("sd15-tiny", "onnx");
        using var written = Load("sd15-tiny", "diffusers");
        string[] layers = [.. Observable("sd15-tiny", "onnx").Layers.Intersect(Observable("sd15-tiny", "diffusers").Layers)];
        foreach (string wanted in (string[])["conv_in", "mid_block", "down_blocks.0", "up_blocks.1.resnets.0", "mid_block.attentions.0",
            "mid_block.attentions.0.transformer_blocks.0.attn2", "down_blocks.0.downsamplers.0"])
            Assert.Contains(wanted, layers);
        using var one = exported.With([], observed: new(false, layers));
        using var other = written.With([], observed: new(false, layers));
        var rows = Rows(exported, 2);
        var (left, right) = (Run(one.Model, rows)[1], Run(other.Model, rows)[1]);
        for (int i = 0; i < layers.Length; i++)
        {
            Assert.True(left.Values[i].Values.Length == right.Values[i].Values.Length, layers[i]);
            double furthest = Furthest(left.Values[i].Values, right.Values[i].Values);
            Assert.True(furthest < 1e-4, $"{layers[i]}: {furthest}");
        }
    }

    [Fact]
    public void Layer_that_there_is_not_is_named_with_those_that_are_like_it()
    {
        using var model = Load("sd15-tiny", "onnx");
        var error = Assert.Throws<GraphException>(() => model.With([], observed: new(false, ["mid_blok"])));
        Assert.Contains("has no layer 'mid_blok'; it has 'mid_block'", error.Message, StringComparison.Ordinal);
        Assert.Equal(GraphFault.Misfit, error.Fault);
    }

    [Theory]
    [InlineData("dit-tiny", "its denoiser reads no text")]
    [InlineData("sd3-tiny", "its picture and its text attend to each other in one attention, or in one that is not recognised in the graph")]
    [InlineData("flux-tiny", "its picture and its text attend to each other in one attention, or in one that is not recognised in the graph")]
    public void Model_whose_words_cannot_be_found_says_why(string name, string reason) =>
        Assert.Equal(reason, Observable(name, "onnx").AttentionReason);

    /// <summary>The mean over heads of softmax(Q · Kᵀ / √d), of factors as the graph has them.</summary>
    private static Feed Plain(CrossAttention attention, Feed query, Feed key)
    {
        // Of an operator [S, C] and [T, C]; else [heads, S, d] and [heads, d, T], scaled before or behind the product as the graph does.
        bool isOperator = attention.Probabilities is null;
        int heads = isOperator ? attention.Heads : (int)query.Shape[0];
        int positions = (int)query.Shape[^2], tokens = (int)(isOperator ? key.Shape[^2] : key.Shape[^1]);
        int width = (int)query.Shape[^1] / (isOperator ? heads : 1);
        double scale = attention.IsScaled ? 1 : 1 / Math.Sqrt(width);
        var mean = new float[positions * tokens];
        var products = new double[tokens];
        for (int head = 0; head < heads; head++)
        {
            for (int s = 0; s < positions; s++)
            {
                for (int t = 0; t < tokens; t++)
                {
                    double sum = 0;
                    for (int d = 0; d < width; d++)
                        sum += isOperator
                            ? (double)query.Values[s * width * heads + head * width + d] * key.Values[t * width * heads + head * width + d]
                            : (double)query.Values[(head * positions + s) * width + d] * key.Values[(head * width + d) * tokens + t];
                    products[t] = sum * scale;
                }
                double max = products.Max(), all = products.Sum(product => Math.Exp(product - max));
                for (int t = 0; t < tokens; t++) mean[s * tokens + t] += (float)(Math.Exp(products[t] - max) / all / heads);
            }
        }
        return new([positions, tokens], mean);
    }

    private static string PathOf(string name, string layout) =>
        name == Starter ? Path.Combine(Repository.Root, "models", Starter) : ConformancePack.PathOf("pipelines", name, layout);

    private static IDiffusionModel Load(string name, string layout) => ModelFolder.Load(PathOf(name, layout), new SessionSettings { Threads = 2 });

    /// <summary>What can be observed of the graph that somebody exported, or that is written for the weights.</summary>
    private static ObservedGraph Observable(string name, string layout)
    {
        string? part = new[] { "unet", "transformer" }.FirstOrDefault(part => File.Exists(Path.Combine(PathOf(name, layout), part, "model.onnx")));
        if (part is not null) return new(OnnxModel.Read(Path.Combine(PathOf(name, layout), part, "model.onnx")), Denoiser.SampleNames);
        var place = ModelPlace.At(PathOf(name, layout));
        var traits = name.StartsWith("sdxl", StringComparison.Ordinal) ? StableDiffusionXlFamily.Traits : StableDiffusionFamily.Traits;
        return new(OnnxModel.Of(new PackNetwork(name, "unet").Write(writer => traits.WriteDenoiser(place, writer, new FaultList()))), Denoiser.SampleNames);
    }

    private static Diffusion.Tensors.LatentShape ShapeOf(IDiffusionModel model) =>
        model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize);

    private static DenoiserRow[] Rows(IDiffusionModel model, int count)
    {
        var shape = ShapeOf(model);
        var noise = new TorchCpuGenerator(5);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] latents = new float[shape.Length];
            noise.Normal(latents);
            var text = model.Tokenize([new PromptText(i % 2 == 0 ? "a red fox" : "an apple")], TextReading.Weighted)[0];
            var encoded = model.TextEncoders.Select((encoder, index) => encoder.Encode([text.Encoders[index]], RunWidth.Wide)[0]).ToArray();
            var conditioning = model.ForRow(model.Condition(text, encoded), new RowConditions { Width = 64, Height = 64, GuidanceScale = 4 });
            double timestep = model.Description.Capabilities.TimestepPerRow == true ? 500 + 10 * i : 500;
            return new DenoiserRow(latents, 1, timestep, conditioning, new float[shape.Length]);
        })];
    }

    private static Seen[] Run(IDiffusionModel model, DenoiserRow[] rows)
    {
        var seen = rows.Select(_ => new Seen()).ToArray();
        DenoiserRow[] own = [.. rows.Select((row, index) => row with { Output = new float[row.Output.Length], Observer = seen[index].Take })];
        model.Denoiser.Run(ShapeOf(model), own, RunWidth.Wide);
        for (int i = 0; i < own.Length; i++) seen[i].Output = own[i].Output.ToArray();
        return seen;
    }

    private static double Furthest(float[] one, float[] other)
    {
        Assert.Equal(one.Length, other.Length);
        return one.Zip(other, (a, b) => (double)Math.Abs(a - b)).Max() / Math.Max(1, one.Max(Math.Abs));
    }

    private sealed class Seen
    {
        public List<Feed> Values { get; } = [];
        public float[] Output { get; set; } = [];

        public void Take(int index, ReadOnlySpan<int> sides, ReadOnlySpan<float> values)
        {
            Assert.Equal(Values.Count, index);
            Values.Add(new([.. sides.ToArray().Select(side => (long)side)], values.ToArray()));
        }
    }
}
