using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>A model with another autoencoder makes the pictures of a model into whose folder that autoencoder was put.</summary>
[Trait("Category", "Conformance")]
public sealed class AutoencoderConformance : IDisposable
{
    private const string Id = "other";

    private static readonly Picture Photo = new(64, 64, 3, [.. Enumerable.Range(0, 64 * 64 * 3).Select(i => (byte)(i * 31 % 253))]);

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-vae-").FullName;

    [Theory]
    [InlineData("sd15-tiny", "sdxl-tiny", PackModels.Graphs, false)]
    [InlineData("sd15-tiny", "sdxl-tiny", PackModels.Graphs, true)]
    [InlineData("sd15-tiny", "sdxl-tiny", PackModels.Weights, false)]
    [InlineData("sd15-tiny", "sdxl-tiny", PackModels.Weights, true)]
    [InlineData("sd3-tiny", "flux-tiny", PackModels.Graphs, false)]
    [InlineData("sd3-tiny", "flux-tiny", PackModels.Weights, true)]
    public async Task Pictures_are_those_of_a_folder_with_the_other_autoencoder(string family, string other, string layout, bool edits)
    {
        Put(other, layout, Path.Combine("vae", Id));
        string whole = Path.Combine(folder, "whole");
        Copy(ConformancePack.PathOf("pipelines", family, layout), whole);
        foreach (string part in PartsOf(layout)) Directory.Delete(Path.Combine(whole, part), recursive: true);
        Put(other, layout, "whole", inParts: true);

        var expected = await RunAsync(whole, null, edits);
        var actual = await RunAsync(ConformancePack.PathOf("pipelines", family, layout), Id, edits);
        Assert.Equal(expected.Values, actual.Values);
        var own = await RunAsync(ConformancePack.PathOf("pipelines", family, layout), null, edits);
        Assert.NotEqual(own.Values, actual.Values);
    }

    /// <summary>A file in the names of a whole checkpoint, in half precision: as far from the folder's as that is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_makes_the_pictures_of_the_folder(bool ldm)
    {
        Put("sdxl-tiny", PackModels.Weights, Path.Combine("vae", Id));
        Copy(ConformancePack.PathOf("pipelines", "sdxl-tiny", PackModels.Weights, "vae"), Path.Combine(folder, "configs"), "config.json");
        string name = ldm ? "single/sdxl-tiny-fp16.safetensors" : "diffusers/vae/diffusion_pytorch_model.safetensors";
        File.Copy(ConformancePack.PathOf(["pipelines", "sdxl-tiny", .. name.Split('/')]), Path.Combine(folder, "vae", "file.safetensors"));
        File.WriteAllText(Path.Combine(folder, "vae", "file.darkroom.json"), """{ "config": "../configs" }""");
        string model = ConformancePack.PathOf("pipelines", "sd15-tiny", PackModels.Weights);
        using var measure = new Measure("pipelines/sd15-tiny/vae", ldm ? "file in LDM's names" : "file in diffusers' names");
        var expected = await RunAsync(model, Id, true);
        var actual = await RunAsync(model, "file", true);
        measure.Close("decoded", expected.Values, actual.Values, ldm ? 2e-3 : 0);
    }

    /// <summary>Its configuration says nothing of a scale, so that two models with different ones use one session of it.</summary>
    [Fact]
    public async Task Scale_that_is_not_stated_is_the_models_and_the_sessions_are_shared()
    {
        Put("sd15-tiny", PackModels.Weights, Path.Combine("vae", Id));
        string config = Path.Combine(folder, "vae", Id, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"scaling_factor\": 0.18215,", "", StringComparison.Ordinal));
        var own = await RunAsync(ConformancePack.PathOf("pipelines", "sd15-tiny", PackModels.Weights), null, true);
        var given = await RunAsync(ConformancePack.PathOf("pipelines", "sd15-tiny", PackModels.Weights), Id, true);
        Assert.Equal(own.Values, given.Values);

        var (sd, xl) = (Described("sd15-tiny"), Described("sdxl-tiny"));
        using var pool = Pool();
        using var use = pool.Use(Id, null, 0);
        var shared = await use.Loaded;
        var (first, second) = (shared.For(sd), shared.For(xl));
        Assert.Equal(first.Owner, second.Owner);
        Assert.NotEqual(first.Variant, second.Variant);
        Assert.Equal(first.Variant, shared.For(sd with { Id = "another" }).Variant);
        using (await first.Decoder.HoldAsync(CancellationToken.None)) Assert.True(second.Decoder.IsResident);
    }

    [Fact]
    public async Task Rows_of_two_models_share_its_calls()
    {
        Put("sdxl-tiny", PackModels.Weights, Path.Combine("vae", Id));
        using var a = ModelFolder.Load(ConformancePack.PathOf("pipelines", "sd15-tiny", PackModels.Weights), new());
        using var b = ModelFolder.Load(ConformancePack.PathOf("pipelines", "sd21-tiny", PackModels.Weights), new());
        using var pool = Pool();
        using var use = pool.Use(Id, null, 0);
        var shared = await use.Loaded;
        var keys = ((IDiffusionModel[])[a, b]).Select(model =>
        {
            var request = Requests.Plain with { Model = model.Description.Id, Vae = new VaeOrder(Id) };
            return new RowMemory(request, 0, 0, _ => { }) { Model = model, Autoencoder = shared.For(model.Description) }
                .AutoencoderKey(Decode.Network, new(4, 8, 8));
        }).ToArray();
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal("vae/other", keys[0].Model);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Models.Catalog.ModelDescription Described(string family) =>
        ModelFolder.Read(ConformancePack.PathOf("pipelines", family, PackModels.Weights));

    private AutoencoderPool Pool() => new(new AutoencoderCatalog(folder, new ModelHash()), new SessionSettings());

    private async Task<DecodedPicture> RunAsync(string path, string? vae, bool edits)
    {
        using var model = ModelFolder.Load(path, new());
        using var pool = Pool();
        var request = Requests.Plain with { Width = 64, Height = 64, Steps = 4, Sampler = null };
        if (edits)
            request = request with
            {
                Task = GenerationTask.Img2img,
                Edit = new PictureEdit { Picture = new InputPicture("", 64, 64), Strength = 0.75, Rule = model.Description.Strength },
            };
        var start = SamplerFactory.Start(Prepare.ChoiceOf(request, model.Description, 64, 64));
        var driver = new RowDriver(model);
        var row = driver.Add(
            request, start.Sampler, new RowNoise(new TorchCpuGenerator(42)), edits ? new ImageToImageWork(Photo, 64, 64, ResizeMode.Stretch) : null);
        using var use = vae is null ? null : pool.Use(vae, null, 0);
        if (use is not null)
        {
            row.Autoencoder = (await use.Loaded).For(model.Description);
            // The driver waits for no part.
            using (await row.Decoder.HoldAsync(CancellationToken.None)) { }
            using (await row.Encoder!.HoldAsync(CancellationToken.None)) { }
        }
        driver.Run(_ => { }, _ => { });
        return row.Painted!;
    }

    private static string[] PartsOf(string layout) => layout == PackModels.Graphs ? ["vae_decoder", "vae_encoder"] : ["vae"];

    /// <summary>An autoencoder as a folder of its own, or as the parts of a model's folder.</summary>
    private void Put(string family, string layout, string target, bool inParts = false)
    {
        foreach (string part in PartsOf(layout))
            Copy(ConformancePack.PathOf("pipelines", family, layout, part),
                Path.Combine(folder, target, inParts || layout == PackModels.Graphs ? part : ""));
    }

    private static void Copy(string source, string target, string pattern = "*")
    {
        foreach (string file in Directory.EnumerateFiles(source, pattern, SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
