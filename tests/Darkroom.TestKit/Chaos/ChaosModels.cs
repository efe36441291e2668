namespace Darkroom.TestKit.Chaos;

/// <summary>The models and upscalers of the traffic: four healthy ones of three families, and four that are damaged in different places.</summary>
public sealed class ChaosModels : IDisposable
{
    private const string Tiny = "sd15-tiny";

    private static readonly string[] Edits = ["img2img", "inpaint", "outpaint"], Generations = ["txt2img", .. Edits];

    private readonly ModelsFolder folder = new();

    public ChaosModels()
    {
        foreach (string name in new[] { Tiny, "sd21-tiny", "sd15-inpaint-tiny", "sdxl-tiny" }) folder.Link(name, [.. PathOf(name)]);
        // Within the weights of a convolution or an embedding: 0xFFFFFFFF is NaN.
        ModelsFolder.Spoil(CopyOf("nan-decoder"), "vae_decoder", at: 138_000, value: 0xFF);
        ModelsFolder.Spoil(CopyOf("nan-encoder"), "vae_encoder", at: 107_500, value: 0xFF);
        ModelsFolder.Spoil(CopyOf("nan-text"), "text_encoder", at: 162_000, value: 0xFF, length: 20_000);
        using (var file = File.OpenWrite(Path.Combine(CopyOf("cut-off"), "unet", "model.onnx"))) file.SetLength(file.Length / 2);

        string upscalers = Directory.CreateDirectory(Path.Combine(folder.Path, "upscalers")).FullName;
        foreach (string name in Upscalers) File.Copy(ConformancePack.PathOf("pipelines", "upscalers", name + ".onnx"), Path.Combine(upscalers, name + ".onnx"));
    }

    public static IReadOnlyList<string> Upscalers { get; } = ["esrgan-tiny-x4", "shuffle-tiny-x2"];

    /// <summary>What is asked of healthy models. An inpainting network has no use for the rest.</summary>
    public static IReadOnlyList<(string Id, IReadOnlyList<string> Tasks)> Healthy { get; } =
        [(Tiny, Generations), ("sd21-tiny", Generations), ("sdxl-tiny", Generations), ("sd15-inpaint-tiny", ["inpaint", "outpaint"])];

    /// <summary>Damaged ones, and how each task of theirs ends.</summary>
    public static IReadOnlyList<(string Id, IReadOnlyList<string> Tasks, string End)> Poisoned { get; } =
    [
        ("nan-decoder", Generations, Expectation.NonFinite), ("nan-encoder", Edits, Expectation.NonFinite), ("nan-encoder", ["txt2img"], Expectation.Succeeded),
        ("nan-text", Generations, Expectation.NonFinite), ("cut-off", Generations, Expectation.ModelFailed),
    ];

    /// <summary>
    /// Of a server that has room for two of the models, for few waiting jobs and for few pictures: models come and go all the time, and what is kept is soon
    /// as much as it may be.
    /// </summary>
    public static (string Name, string Value)[] Settings { get; } =
    [
        ("Darkroom__DefaultModel", Tiny), ("Darkroom__Engine__ModelMemoryMiB", "4"), ("Darkroom__Engine__MaxQueued", "10"),
        ("Darkroom__Engine__ConditioningCacheMiB", "4"), ("Darkroom__PictureMemoryMiB", "8"), ("Darkroom__InputMemoryMiB", "64"),
        ("Serilog__MinimumLevel__Override__Darkroom.Server.Logging.RequestLog", "Warning"),
    ];

    public string ModelsPath => folder.Path;

    public void Dispose() => folder.Dispose();

    private static string[] PathOf(string name) => ["tests", "conformance", "pipelines", name, "onnx"];

    private string CopyOf(string name) => folder.CopyOf(name, PathOf(Tiny));
}
