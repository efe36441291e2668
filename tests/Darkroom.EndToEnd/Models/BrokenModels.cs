using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Models;

/// <summary>The starter, and beside it a copy with every kind of damage.</summary>
public sealed class BrokenModels : IDisposable
{
    private readonly ModelsFolder models = new ModelsFolder().Link("starter", "models", "starter");

    public BrokenModels()
    {
        foreach (var (id, part, change, _) in All) change(models.Copy(id, part));
    }

    /// <summary>Id, the part that is changed, how, and what the reason must name.</summary>
    public static IReadOnlyList<(string Id, string Part, Action<string> Change, string[] Named)> All { get; } =
    [
        ("cut-off", "unet", folder => Cut(folder, "unet/model.onnx"), ["unet/model.onnx"]),
        ("no-decoder", "vae_decoder", folder => File.Delete(Path.Combine(folder, "vae_decoder/model.onnx")), ["vae_decoder/model.onnx", "missing"]),
        ("no-tokenizer", "tokenizer", folder => Directory.Delete(Path.Combine(folder, "tokenizer"), recursive: true), ["tokenizer"]),
        ("no-graph", "text_encoder", folder => File.WriteAllText(Path.Combine(folder, "text_encoder/model.onnx"), "<html>404 Not Found</html>"),
            ["text_encoder/model.onnx"]),
        ("empty-graph", "unet", folder => File.WriteAllBytes(Path.Combine(folder, "unet/model.onnx"), []), ["unet/model.onnx"]),
        ("wrong-denoiser", "unet", folder => Replace(folder, "unet", "text_encoder"), ["unet/model.onnx", "input_ids", "sample"]),
        ("wrong-operator", "unet", folder => Rename(folder, "unet/model.onnx", "Conv", "Kern"), ["unet/model.onnx", "Kern"]),
        ("wrong-encoder", "text_encoder", folder => Replace(folder, "text_encoder", "vae_decoder"), ["text_encoder/model.onnx", "input_ids"]),
        ("wrong-decoder", "vae_decoder", folder => Replace(folder, "vae_decoder", "text_encoder"), ["vae_decoder/model.onnx", "input_ids"]),
        ("wrong-channels", "unet", folder => Borrow(folder, "unet"), ["unet/model.onnx", "4", "64"]),
        ("other-family", "scheduler", folder => Edit(folder, "model_index.json", "StableDiffusionPipeline", "SanaPipeline"), ["model_index.json", "sana"]),
        ("no-json", "unet", folder => File.WriteAllText(Path.Combine(folder, "unet/config.json"), "{ \"in_channels\": 64"), ["unet/config.json"]),
        ("unknown-key", "scheduler", folder => Edit(folder, "darkroom.json", "\"max_size\"", "\"max_sise\""), ["darkroom.json", "max_sise"]),
    ];

    public string ModelsPath => models.Path;

    public void Dispose() => models.Dispose();

    private static void Cut(string folder, string file)
    {
        using var stream = File.OpenWrite(Path.Combine(folder, file));
        stream.SetLength(stream.Length * 2 / 3);
    }

    /// <summary>Gives the first node of an operator another one, which the runtime does not know.</summary>
    private static void Rename(string folder, string file, string op, string by)
    {
        string path = Path.Combine(folder, file);
        byte[] bytes = File.ReadAllBytes(path), old = [(byte)op.Length, .. System.Text.Encoding.UTF8.GetBytes(op)];
        System.Text.Encoding.UTF8.GetBytes(by).CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(old) + 1));
        File.WriteAllBytes(path, bytes);
    }

    private static void Replace(string folder, string part, string by) =>
        File.Copy(Path.Combine(folder, by, "model.onnx"), Path.Combine(folder, part, "model.onnx"), overwrite: true);

    /// <summary>The graph of a model with 4 latent channels, where the starter has 64.</summary>
    private static void Borrow(string folder, string part) => File.Copy(
        Path.Combine(Repository.Root, "tests", "conformance", "pipelines", "sd15-tiny", "onnx", part, "model.onnx"), Path.Combine(folder, part, "model.onnx"),
        overwrite: true);

    private static void Edit(string folder, string file, string old, string by)
    {
        string path = Path.Combine(folder, file), text = File.ReadAllText(path);
        if (!text.Contains(old, StringComparison.Ordinal)) throw new InvalidOperationException($"{file} has no {old}.");
        File.WriteAllText(path, text.Replace(old, by, StringComparison.Ordinal));
    }
}
