using Darkroom.Diffusion.Noise;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Costs;

/// <summary>
/// The starter's networks and the default upscaler with a number of threads, and all calls that are measured: as the engine makes them, copies of rows
/// included.
/// </summary>
internal sealed class StageCalls : IDisposable
{
    private const string UpscalerId = "realesr-animevideov3-x4";

    private static readonly (int Width, int Height)[] Sizes = [(64, 64), (64, 96), (96, 96)];

    private readonly IDiffusionModel model;
    private readonly Upscaler upscaler;

    public StageCalls(int threads)
    {
        string models = Path.Combine(Repository.Root, "models");
        var settings = new SessionSettings { Threads = threads };
        model = ModelFolder.Load(Path.Combine(models, "starter"), settings, conditioningCacheBytes: 64 << 20);
        upscaler = Upscaler.Load(Path.Combine(models, UpscalerCatalog.FolderName, UpscalerId + ".onnx"), new UpscalerCatalog(models).Find(UpscalerId)!,
            settings);
    }

    public IEnumerable<(string Stage, int Width, int Height, int Evaluations, Action Call)> All()
    {
        foreach (int rows in new[] { 1, 2, 4, 8, 16 })
            yield return ("text_encode", 0, 0, rows, Text(rows));
        foreach (var (width, height) in Sizes)
        {
            foreach (int rows in new[] { 1, 2, 4, 8 })
            {
                yield return ("vae_encode", width, height, rows, Encode(width, height, rows));
                yield return ("decode", width, height, rows, Decode(width, height, rows));
            }
            foreach (int rows in new[] { 1, 2, 3, 4, 6, 8, 10, 12, 14, 16 })
                yield return ("denoise", width, height, rows, Denoise(width, height, rows));
        }
        foreach (var (side, rows) in new[] { (32, 1), (32, 2), (32, 4), (64, 1), (64, 2), (64, 4), (128, 1), (256, 1) })
            yield return ("upscale_tile", side, side, rows, Upscale(side, rows));
    }

    public void Dispose()
    {
        model.Dispose();
        upscaler.Dispose();
    }

    private Action Text(int rows)
    {
        TextTokens[] texts = [.. model.Tokenize([.. Enumerable.Range(0, rows).Select(row => new PromptText($"red apple {row}"))], TextReading.Plain)
            .Select(text => text.Encoders[0])];
        return () => model.TextEncoders[0].Encode(texts, RunWidth.Wide);
    }

    private Action Encode(int width, int height, int rows)
    {
        ReadOnlyMemory<float>[] pictures = [.. Enumerable.Range(0, rows).Select(row => (ReadOnlyMemory<float>)Noise(3 * width * height))];
        return () => model.Encoder!.Encode(width, height, pictures, RunWidth.Wide);
    }

    private Action Denoise(int width, int height, int rows)
    {
        var shape = model.Description.LatentsOf(width, height);
        int length = shape.Channels * shape.Height * shape.Width;
        var conditioning = WholeText.Encode(model, "red apple");
        DenoiserRow[] all = [.. Enumerable.Range(0, rows).Select(row => new DenoiserRow(Noise(length), 1, 500 + row, conditioning, new float[length]))];
        return () => model.Denoiser.Run(shape, all, RunWidth.Wide);
    }

    private Action Decode(int width, int height, int rows)
    {
        var shape = model.Description.LatentsOf(width, height);
        ReadOnlyMemory<float>[] latents = [.. Enumerable.Range(0, rows)
            .Select(row => (ReadOnlyMemory<float>)Noise(shape.Channels * shape.Height * shape.Width))];
        return () => model.Decoder.Decode(shape, latents, RunWidth.Wide);
    }

    private Action Upscale(int side, int rows)
    {
        int length = 3 * side * side, scale = upscaler.Traits.Scale;
        TileBuffers[] tiles = [.. Enumerable.Range(0, rows).Select(row => new TileBuffers(Noise(length), new float[length * scale * scale]))];
        return () => upscaler.RunTiles(side, side, tiles);
    }

    private static float[] Noise(int length)
    {
        var values = new float[length];
        new TorchCpuGenerator(1).Normal(values);
        return values;
    }
}
