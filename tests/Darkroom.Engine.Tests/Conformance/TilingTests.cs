using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>Whole pictures that wrap round: their edges meet, and they turn with their noise; rows that do not wrap are as they were.</summary>
public sealed class TilingTests
{
    [Theory]
    [InlineData("starter", WrapAxes.Both)]
    [InlineData("starter", WrapAxes.X)]
    [InlineData("starter", WrapAxes.Y)]
    [InlineData("diffusers", WrapAxes.Both)]
    public void Picture_turns_with_its_noise_and_its_edges_meet(string form, WrapAxes axes)
    {
        using var model = ModelFolder.Load(
            form == "starter" ? Path.Combine(Repository.Root, "models", "starter") : ConformancePack.PathOf("pipelines", "sd15-tiny", form),
            new SessionSettings());
        using var variant = model.With([], axes);
        Open(variant.Model);
        using (var again = model.With([], axes)) Assert.Same(variant.Model, again.Model);
        Assert.NotEqual(variant.Model.Denoiser.Variant, model.Denoiser.Variant);
        Assert.NotEqual(variant.Model.Decoder.Variant, model.Decoder.Variant);
        var request = Requests.Plain with
        {
            Prompt = "red apple, 3d render", NegativePrompt = null, Sampler = "ddim", Width = 64, Height = 64, Steps = 6, GuidanceScale = 2.5,
        };
        var drawn = NoiseOf(model, 7);
        // A period of the coarsest level: what is turned by less falls on other cells there.
        int period = model.Description.SizeStep / model.Description.LatentFactor;
        int dy = axes.WrapsY() ? period : 0, dx = axes.WrapsX() ? period : 0;
        var plain = Run(variant.Model, request, drawn);
        var turned = Run(variant.Model, request, Turn(drawn, 8, dy, dx));
        using var measure = new Measure("tiling", $"{form} {axes}");
        measure.Close("latents", Turn(plain.Latents, 8, dy, dx), turned.Latents, 5e-5);
        measure.Close("pixels", Turn(plain.Painted!.Values, 64, 8 * dy, 8 * dx), turned.Painted!.Values, 5e-4);
        if (form != "starter") return; // the pack's networks were never trained: they draw no picture
        // Mean difference of neighbouring pixels across the edge, and across the edges of the decoder's cells inside: it is one of them.
        if (axes.WrapsX()) Assert.True(Across(plain, 1) < 2 * Inside(plain, 1), $"x: {Across(plain, 1)} of {Inside(plain, 1)}");
        if (axes.WrapsY()) Assert.True(Across(plain, 64) < 2 * Inside(plain, 64), $"y: {Across(plain, 64)} of {Inside(plain, 64)}");
    }

    [Fact]
    public void Rows_that_wrap_and_rows_that_do_not_share_no_call_and_are_as_they_are_alone()
    {
        using var model = ModelFolder.Load(Path.Combine(Repository.Root, "models", "starter"), new SessionSettings());
        using var variant = model.With([], WrapAxes.Both);
        Open(variant.Model);
        var request = Requests.Plain with
        {
            Prompt = "red apple", NegativePrompt = null, Sampler = "ddim", Width = 64, Height = 64, Steps = 3, GuidanceScale = 2,
        };
        var driver = new RowDriver(model);
        for (int i = 0; i < 4; i++) Add(driver, i < 2 ? model : variant.Model, request, NoiseOf(model, i));
        driver.RunMixed((_, _) => { });
        for (int i = 0; i < 4; i++)
        {
            using var measure = new Measure("tiling", $"row {i}");
            measure.Close("latents", Run(i < 2 ? model : variant.Model, request, NoiseOf(model, i)).Latents, driver.Rows[i].Latents, 1e-5);
        }
    }

    /// <summary>Its parts are opened when they are held; the driver waits for none.</summary>
    private static void Open(IDiffusionModel variant)
    {
        foreach (var part in variant.Parts)
            using (part.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()) { }
    }

    private static float[] NoiseOf(IDiffusionModel model, int seed)
    {
        var drawn = new float[model.Description.LatentChannels * 8 * 8];
        new TorchCpuGenerator((ulong)seed).Normal(drawn);
        return drawn;
    }

    private static RowMemory Run(IDiffusionModel model, GenerationRequest request, float[] drawn)
    {
        var driver = new RowDriver(model);
        Add(driver, model, request, drawn);
        driver.RunMixed((_, _) => { });
        return driver.Rows[0];
    }

    private static void Add(RowDriver driver, IDiffusionModel model, GenerationRequest request, float[] drawn)
    {
        var start = SamplerFactory.Start(Prepare.ChoiceOf(request, model.Description, request.Width, request.Height));
        driver.Add(request, start.Sampler, new GivenLatents(new RowNoise(new TorchCpuGenerator(7), null), drawn), model: model);
    }

    private static float[] Turn(float[] planes, int side, int dy, int dx)
    {
        var turned = new float[planes.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            int plane = i / (side * side), y = i / side % side, x = i % side;
            turned[(plane * side + (y + dy) % side) * side + (x + dx) % side] = planes[i];
        }
        return turned;
    }

    private static double Across(RowMemory row, int step) => Differences(row, step, edge: true).Average();

    private static double Inside(RowMemory row, int step) => Differences(row, step, edge: false).Average();

    private static IEnumerable<double> Differences(RowMemory row, int step, bool edge)
    {
        float[] values = row.Painted!.Values;
        for (int i = 0; i < values.Length; i++)
        {
            int at = step == 1 ? i % 64 : i / 64 % 64;
            bool last = at == 63;
            if (last == edge && at % 8 == 7) yield return Math.Abs(values[i] - values[last ? i - 63 * step : i + step]);
        }
    }
}
