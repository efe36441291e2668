using Darkroom.Diffusion.Noise;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Tests.Families;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Residency;

/// <summary>The pack's tiny models under one path, and one round of everything that a picture asks of a model.</summary>
internal sealed class PackModels : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("darkroom-models-").FullName;

    public PackModels()
    {
        foreach (var (name, family) in new[] { ("a", "sd15-tiny"), ("b", "sd21-tiny"), ("c", "sd15-inpaint-tiny") })
            Directory.CreateSymbolicLink(Path.Combine(path, name), TestModel.SourceOf(family));
        Catalog = new ModelCatalog(path);
    }

    public static IReadOnlyList<string> Ids { get; } = ["a", "b", "c"];

    public ModelCatalog Catalog { get; }

    /// <summary>Bytes of a part; 0 where the model has none of the name.</summary>
    public long BytesOf(string id, string part) => Catalog.Find(id)!.Parts.SingleOrDefault(one => one.Name == part)?.Bytes ?? 0;

    public long BytesOf(string id) => Catalog.Find(id)!.MemoryBytes;

    public ModelPool Pool(params DeviceSpec[] devices) =>
        new(Catalog, new ModelHash(), ModelFamilies.Create(0), [.. devices.Select(spec => new DeviceMemory(spec))], null);

    /// <summary>Text, two denoiser calls and a decoded picture, each part held for its own calls alone.</summary>
    public static async Task<float[]> PictureAsync(IDiffusionModel model, CancellationToken cancellation, RunWidth width = RunWidth.Wide)
    {
        Conditioning text;
        using (await model.TextEncoders[0].HoldAsync(cancellation))
            text = model.Encode([model.Tokenize("red apple")], width)[0];
        var shape = model.Description.LatentsOf(2 * model.Description.SizeStep, model.Description.SizeStep);
        int length = shape.Channels * shape.Height * shape.Width;
        var noise = new PhiloxGenerator(7);
        float[] latents = new float[length], answer = new float[length];
        noise.Normal(latents);
        float[] more = new float[(model.Description.Capabilities.DenoiserChannels - shape.Channels) * shape.Height * shape.Width];
        using (await model.Denoiser.HoldAsync(cancellation))
            foreach (double timestep in new[] { 801.0, 201.0 })
            {
                model.Denoiser.Run(shape, new[] { new DenoiserRow(latents, 1, timestep, text, answer) { MoreChannels = more } }, width);
                for (int i = 0; i < length; i++) latents[i] -= 0.3f * answer[i];
            }
        using (await model.Decoder.HoldAsync(cancellation))
            return model.Decoder.Decode(shape, [latents], width)[0].Values;
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
