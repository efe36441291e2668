using System.Text.Json;
using Darkroom.Diffusion.Noise;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Imaging;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// ControlNets on the pack's small pipeline: latents after each stored call and final pixels, against diffusers; and rows with and without one beside each
/// other.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class ControlNetConformance : IDisposable
{
    private const string Family = PackControlNet.Family, Base = "sd15-tiny", Id = "tiny";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-control-").FullName;
    private readonly PackModels files = new();
    private readonly List<IDisposable> uses = [];

    public void Dispose()
    {
        foreach (var use in uses) use.Dispose();
        files.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An exported U-Net with an exported ControlNet, and with weights; U-Nets of weights with every form that a ControlNet may have.</summary>
    public static TheoryData<string, string> Forms => new MatrixTheoryData<string, string>(
        [PackModels.Graphs, PackModels.Weights, PackModels.OneFile],
        [PackControlNet.Graph, PackControlNet.Folder, PackControlNet.File, PackControlNet.OwnNames, PackControlNet.OwnNamesWithPrefix]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_case_is_met(string layout, string form)
    {
        if (!ConformancePack.Has("pipelines", Family, "cases", "index.json")) return; // another pack may have none
        using var model = LoadModel(layout);
        var net = LoadNet(form);
        Assert.Contains("controls", model.Description.Capabilities.ExtraFields);
        var failures = new List<string>();
        foreach (string name in ConformancePack.CaseNames("pipelines", Family, "cases"))
        {
            try
            {
                Run(model, net, name, $"{layout}/{form}");
            }
            catch (ConformanceException e)
            {
                failures.Add(e.Message);
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Theory]
    [InlineData(PackModels.Graphs, PackControlNet.Graph)]
    [InlineData(PackModels.Weights, PackControlNet.Folder)]
    public void Rows_with_and_without_a_ControlNet_share_calls_and_do_not_change_each_other(string layout, string form)
    {
        if (!ConformancePack.Has("pipelines", Family, "cases", "index.json")) return;
        using var model = LoadModel(layout);
        var net = LoadNet(form);
        var json = ConformancePack.Json("pipelines", Family, "cases", "txt2img-ddim-1.0.json");
        var arguments = json.GetProperty("arguments");
        (float[] Led, float[] Free) Alone() => (Latents(true)[0], Latents(false)[0]);
        var (led, free) = Alone();
        Assert.NotEqual(led, free);
        Assert.True(model.Denoiser.TimestepPerRow, model.Description.Capabilities.TimestepReason);
        float[][] both = Latents(true, false);
        using var measure = new Measure("rows apart", $"{Family}/{layout}");
        measure.Close("row with a ControlNet", led, both[0], 1e-5);
        measure.Close("row without one", free, both[1], 1e-5);

        float[][] Latents(params bool[] rows)
        {
            var driver = new RowDriver(model);
            foreach (bool controlled in rows)
            {
                var request = PipelineConformance.RequestOf(arguments, 0, 1);
                var sampler = PipelineConformance.SamplerOf(Base, json, model.Description, request);
                var row = driver.Add(request, sampler, new RowNoise(new TorchCpuGenerator(42), null));
                if (controlled) row.Controls = [LoadControls.RunOf(OrderOf(arguments), net, PictureOf(json), request.Width, request.Height)];
            }
            int mixed = driver.RunMixed((_, _) => { });
            Assert.Equal(rows.Length > 1, mixed > 0);
            return [.. driver.Rows.Select(row => row.Latents)];
        }
    }

    /// <summary>A ControlNet of weights takes a timestep for each row, so its calls are shared as the denoiser's are.</summary>
    [Fact]
    public void Rows_at_different_steps_share_calls_of_a_ControlNet()
    {
        if (!ConformancePack.Has("pipelines", Family, "cases", "index.json")) return;
        using var model = LoadModel(PackModels.Weights);
        var net = LoadNet(PackControlNet.Folder);
        var driver = new RowDriver(model);
        string[] names = ["txt2img-ddim-1.0", "txt2img-dpmpp_2m-1.0-guess_mode", "txt2img-ddim-1.0"]; // a step takes two rounds: the first and third meet
        foreach (string name in names) Add(driver, model, net, name);
        driver.RunMixed((_, _) => { });
        Assert.True(driver.MixedControls > 0);
        using var measure = new Measure($"pipelines/{Family}", "mixed rows");
        for (int i = 0; i < names.Length; i++) ComparePicture(measure, names[i], driver.Rows[i]);
    }

    private static void Run(IDiffusionModel model, ControlNetPart net, string name, string forms)
    {
        using var measure = new Measure($"pipelines/{Family}/{forms}", name);
        var golden = ConformancePack.Tensors("pipelines", Family, "cases", name + ".safetensors");
        var driver = new RowDriver(model);
        var row = Add(driver, model, net, name);
        driver.Run(
            before: call =>
            {
                if (call == 0) CompareResiduals(measure, golden, driver);
            },
            after: call =>
            {
                if (golden.Has($"latents_after_{call}")) measure.Close($"latents after call {call}", golden[$"latents_after_{call}"][0], row.Latents, 5e-5);
            });
        ComparePicture(measure, name, row);
    }

    private static RowMemory Add(RowDriver driver, IDiffusionModel model, ControlNetPart net, string name)
    {
        var json = ConformancePack.Json("pipelines", Family, "cases", name + ".json");
        var arguments = json.GetProperty("arguments");
        var request = PipelineConformance.RequestOf(arguments, 0, 1);
        var sampler = PipelineConformance.SamplerOf(Base, json, model.Description, request);
        var row = driver.Add(request, sampler, PackNoise.ForRows(json, 1, sampler)[0]);
        row.Controls = [LoadControls.RunOf(OrderOf(arguments), net, PictureOf(json), request.Width, request.Height)];
        return row;
    }

    private static void ComparePicture(Measure measure, string name, RowMemory row)
    {
        string file = ConformancePack.Json("pipelines", Family, "cases", name + ".json").GetProperty("pictures")[0].GetString()!;
        PixelComparison.Check(measure, file, File.ReadAllBytes(ConformancePack.PathOf("pipelines", Family, "cases", file)), row.Painted!);
    }

    private static void CompareResiduals(Measure measure, TensorFile golden, RowDriver driver)
    {
        if (!golden.Has("denoiser_0.mid_block_additional_residual")) return;
        var lanes = driver.LanesOf(0);
        for (int lane = 0; lane < lanes.Count; lane++)
        {
            if (lanes[lane].Residuals is not { } added) continue;
            measure.Close($"first residual of lane {lane}", golden["denoiser_0.down_block_additional_residual_0"][lane], added[0], 1e-4);
            measure.Close($"middle's residual of lane {lane}", golden["denoiser_0.mid_block_additional_residual"][lane], added[^1], 1e-4);
        }
    }

    private static ControlOrder OrderOf(JsonElement arguments) => new()
    {
        Model = Id,
        Picture = new InputPicture("", 0, 0),
        Weight = arguments.GetProperty("controlnet_conditioning_scale").GetDouble(),
        Start = arguments.TryGetProperty("control_guidance_start", out var start) ? start.GetDouble() : 0,
        End = arguments.TryGetProperty("control_guidance_end", out var end) ? end.GetDouble() : 1,
        Guess = arguments.TryGetProperty("guess_mode", out var guess) && guess.GetBoolean(),
    };

    private static Picture PictureOf(JsonElement json) => PictureDecoder.Decode(File.ReadAllBytes(
        ConformancePack.PathOf("pipelines", Family, "cases", json.GetProperty("given").GetProperty("image").GetString()!)));

    /// <summary>The base model; as graphs, with the U-Net that was exported to take residuals.</summary>
    private IDiffusionModel LoadModel(string layout)
    {
        if (layout != PackModels.Graphs) return ModelFolder.Load(files.PathOf(Base, layout)!, new SessionSettings());
        string model = Path.Combine(folder, "model");
        Copy(ConformancePack.PathOf("pipelines", Base, "onnx"), model);
        Copy(ConformancePack.PathOf("pipelines", Family, "onnx", "unet"), Path.Combine(model, "unet"));
        return ModelFolder.Load(model, new SessionSettings());
    }

    private ControlNetPart LoadNet(string form)
    {
        PackControlNet.Place(folder, Id, form);
        var nets = new ControlNetPool(new ControlNetCatalog(folder), new SessionSettings());
        var use = nets.Use(Id, 0);
        uses.AddRange([use, nets]);
        var net = use.Loaded.GetAwaiter().GetResult();
        // The driver waits for no part.
        net.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult().Dispose();
        return net;
    }

    private static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
