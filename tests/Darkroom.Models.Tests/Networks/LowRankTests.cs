using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Weights that a LoRA changes: the changes are in the graph, and the files stay as they are.</summary>
[Trait("Category", "Conformance")]
public sealed class LowRankTests
{
    /// <summary>
    /// Both files' ways of naming and of scaling; linear layers, halves of gated ones, convolutions. The text encoder was changed as well: the cases hold what
    /// it gave.
    /// </summary>
    [Theory]
    [InlineData("diffusers")]
    [InlineData("kohya")]
    public void First_call_with_a_LoRA_is_diffusers_own(string kind)
    {
        var network = new PackNetwork("sd15-tiny", "unet");
        var file = SafetensorsFile.Read(ConformancePack.PathOf("pipelines", "sd15-tiny", "lora", kind + ".safetensors"));
        int cases = 0;
        foreach (var (name, json) in Goldens.Cases("sd15-tiny").Where(entry => entry.Name.StartsWith($"lora-{kind}-", StringComparison.Ordinal)))
        {
            float scale = float.Parse(name[$"lora-{kind}-".Length..], System.Globalization.CultureInfo.InvariantCulture);
            var faults = new FaultList();
            var written = UNet.Write(ConfigShapes.UNet(network.Config),
                new NetworkWriter(GraphTarget.Cpu, new Changed(network.Weights, file, scale), faults, "unet"));
            Assert.Null(faults.ToString());
            Goldens.Check(written!, "sd15-tiny", "out_sample", other => other.GetProperty("name").GetString() == name);
            // Without it the answer is another.
            using var plain = OnnxGraph.Load(network.Write(writer => UNet.Write(ConfigShapes.UNet(network.Config), writer)), new SessionSettings());
            var golden = ConformancePack.Tensors("pipelines", "sd15-tiny", "cases", name + ".safetensors");
            var output = Twins.Run(plain, Goldens.FeedsOf("sd15-tiny", json, golden))["out_sample"];
            Assert.True(Twins.Furthest("out_sample", new Feed(output.Shape, golden["denoiser_0.output"].Values), output) > 1e-3);
            cases++;
        }
        Assert.Equal(2, cases);
    }

    [Fact]
    public void Changes_are_worked_out_when_the_graph_is_opened()
    {
        var network = new PackNetwork("sd21-tiny", "text_encoder");
        using var file = new WeightsFile().Add("up", [48, 2], Feed.Normal(1, 48, 2).Values).Add("down", [2, 48], Feed.Normal(2, 2, 48).Values);
        var lora = file.Read();
        const string Weight = "text_model.encoder.layers.0.self_attn.q_proj.weight";
        var weights = new OneChange(network.Weights, Weight, new(lora.Tensors["up"], lora.Tensors["down"], 0.5f));
        var written = ClipTextEncoder.Write(ConfigShapes.ClipText(network.Config), new NetworkWriter(GraphTarget.Cpu, weights, new FaultList(), "lora"),
            EarlierLayers.None)!;
        Assert.Contains(OperatorsOf(written.Model.ToArray()), name => name == "MatMul");

        using var options = new SessionSettings().Create();
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", written.Folder);
        options.OptimizedModelFilePath = file.Path + ".onnx";
        using (new Microsoft.ML.OnnxRuntime.InferenceSession(written.Model.ToArray(), options)) { }
        string[] left = OperatorsOf(File.ReadAllBytes(options.OptimizedModelFilePath));
        Assert.Contains("Gemm", left);
        Assert.DoesNotContain("MatMul", left);

        static string[] OperatorsOf(byte[] model) => [.. WireMessage.Parse(model).Messages(7).Single().Messages(1).Select(node => node.Text(4))];
    }

    [Fact]
    public void Change_that_does_not_fit_names_both_its_tensors()
    {
        using var file = new WeightsFile().Add("layer.weight", [3, 2], new float[6]).Add("layer.bias", [3], 0, 0, 0)
            .Add("up", [3, 4], new float[12]).Add("down", [4, 3], new float[12]);
        var read = file.Read();
        var faults = new FaultList();
        var weights = new OneChange(new FileWeights(read), "layer.weight", new(read.Tensors["up"], read.Tensors["down"], 1));
        var network = new NetworkWriter(GraphTarget.Cpu, weights, faults, "lora");
        network.Graph.FloatOutput("y", network.Root["layer"].Linear(network.Graph.FloatInput("x", 2, "rows", 2), 3), "rows", 3);
        Assert.Null(network.Finish("part"));
        Assert.Equal("lora: 'up' [3, 4] and 'down' [4, 3] do not change 'layer.weight', which is [3, 2]", faults.ToString());
    }

    /// <summary>The pack's U-Net with one of its LoRA files, found by the simplest rules that those follow.</summary>
    private sealed class Changed(FileWeights weights, SafetensorsFile lora, float scale) : IWeights
    {
        public StoredTensor? Find(string name) => weights.Find(name);

        public IReadOnlyList<LowRankChange> ChangesOf(string name)
        {
            if (!name.EndsWith(".weight", StringComparison.Ordinal)) return [];
            string module = name[..^".weight".Length], flat = "lora_unet_" + module.Replace('.', '_');
            if (lora.Tensors.TryGetValue($"unet.{module}.lora_A.weight", out var down))
                return [new(lora.Tensors[$"unet.{module}.lora_B.weight"], down, scale)];
            if (!lora.Tensors.TryGetValue(flat + ".lora_down.weight", out down)) return [];
            const float AlphaOfTheFile = 2; // report.json
            return [new(lora.Tensors[flat + ".lora_up.weight"], down, scale * AlphaOfTheFile / down.Shape[0])];
        }
    }

    private sealed class OneChange(IWeights weights, string changed, LowRankChange change) : IWeights
    {
        public StoredTensor? Find(string name) => weights.Find(name);

        public IReadOnlyList<LowRankChange> ChangesOf(string name) => name == changed ? [change] : [];
    }
}
