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
    private const string Family = "controlnet-sd15-tiny", Base = "sd15-tiny", Id = "tiny";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-control-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_case_is_met()
    {
        if (!ConformancePack.Has("pipelines", Family, "cases", "index.json")) return; // another pack may have none
        using var model = LoadModel();
        using var nets = LoadNets();
        Assert.Contains("controls", model.Description.Capabilities.ExtraFields);
        var failures = new List<string>();
        foreach (string name in ConformancePack.CaseNames("pipelines", Family, "cases"))
        {
            try
            {
                Run(model, nets.Get(Id, 0), name);
            }
            catch (ConformanceException e)
            {
                failures.Add(e.Message);
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Fact]
    public void Rows_with_and_without_a_ControlNet_share_calls_and_do_not_change_each_other()
    {
        if (!ConformancePack.Has("pipelines", Family, "cases", "index.json")) return;
        using var model = LoadModel();
        using var nets = LoadNets();
        var json = ConformancePack.Json("pipelines", Family, "cases", "txt2img-ddim-1.0.json");
        var arguments = json.GetProperty("arguments");
        (float[] Led, float[] Free) Alone() => (Latents(true)[0], Latents(false)[0]);
        var (led, free) = Alone();
        Assert.NotEqual(led, free);
        Assert.True(model.Denoiser.TimestepPerRow, model.Description.Capabilities.TimestepReason);
        float[][] both = Latents(true, false);
        using var measure = new Measure("rows apart", Family);
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
                if (controlled) row.Controls = [LoadControls.RunOf(OrderOf(arguments), nets.Get(Id, 0), PictureOf(json), request.Width, request.Height)];
            }
            driver.RunMixed((_, _) => { });
            return [.. driver.Rows.Select(row => row.Latents)];
        }
    }

    private static void Run(IDiffusionModel model, ControlNetPart net, string name)
    {
        using var measure = new Measure($"pipelines/{Family}", name);
        var json = ConformancePack.Json("pipelines", Family, "cases", name + ".json");
        var golden = ConformancePack.Tensors("pipelines", Family, "cases", name + ".safetensors");
        var arguments = json.GetProperty("arguments");
        var request = PipelineConformance.RequestOf(arguments, 0, 1);
        var sampler = PipelineConformance.SamplerOf(Base, json, model.Description, request);
        var driver = new RowDriver(model);
        var row = driver.Add(request, sampler, PackNoise.ForRows(json, 1, sampler)[0]);
        row.Controls = [LoadControls.RunOf(OrderOf(arguments), net, PictureOf(json), request.Width, request.Height)];
        driver.Run(
            before: call =>
            {
                if (call == 0) CompareResiduals(measure, golden, driver);
            },
            after: call =>
            {
                if (golden.Has($"latents_after_{call}")) measure.Close($"latents after call {call}", golden[$"latents_after_{call}"][0], row.Latents, 5e-5);
            });
        string file = json.GetProperty("pictures")[0].GetString()!;
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

    /// <summary>The base model with the U-Net that takes residuals.</summary>
    private IDiffusionModel LoadModel()
    {
        string model = Path.Combine(folder, "model");
        Copy(ConformancePack.PathOf("pipelines", Base, "onnx"), model);
        Copy(ConformancePack.PathOf("pipelines", Family, "onnx", "unet"), Path.Combine(model, "unet"));
        return ModelFolder.Load(model, new SessionSettings());
    }

    private ControlNetPool LoadNets()
    {
        Copy(ConformancePack.PathOf("pipelines", Family, "onnx", "controlnet"), Path.Combine(folder, ControlNetCatalog.FolderName, Id));
        var nets = new ControlNetPool(new ControlNetCatalog(folder), new SessionSettings());
        // The driver waits for no part.
        nets.Get(Id, 0).HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult().Dispose();
        return nets;
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
