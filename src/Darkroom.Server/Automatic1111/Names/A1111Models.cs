using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;

namespace Darkroom.Server.Automatic1111.Names;

/// <summary>
/// What AUTOMATIC1111's clients call models and autoencoders: the id, with the first digits of the content hash behind it where that is known.
/// </summary>
internal static class A1111Models
{
    /// <summary>Digits of a hash as titles and infotexts show it.</summary>
    public const int HashDigits = 10;

    /// <summary>What stands for a model's own autoencoder.</summary>
    public static readonly IReadOnlyList<string> OwnVae = ["Automatic", "None"];

    private static readonly string[] Endings = [".safetensors", ".ckpt", ".pt", ".onnx"];

    /// <summary>Those that can be asked for.</summary>
    public static IEnumerable<ModelDescription> Usable(IModelDirectory models) => models.All.Where(model => model.Fault is null);

    /// <summary><c>name [hash]</c>.</summary>
    public static string TitleOf(ModelDescription model, IModelDirectory models) =>
        ShortHashOf(model, models) is { } hash ? $"{model.Id} [{hash}]" : model.Id;

    /// <summary>Null until the model was loaded once: no request waits for gigabytes to be read.</summary>
    public static string? ShortHashOf(ModelDescription model, IModelDirectory models) =>
        models.StatusOf(model.Id).ContentHash is { Length: >= HashDigits } hash ? hash[..HashDigits] : null;

    /// <summary>The model of a title, with or without its hash, a name, with or without its file's ending, or a hash; null for none.</summary>
    public static ModelDescription? Find(string name, IModelDirectory models)
    {
        var (bare, hash) = Split(name.Trim());
        if (models.Find(bare) is { } exact) return exact;
        var id = WithoutEnding(bare);
        if (models.Find(id) is { } named) return named;
        var alike = models.All.Where(model => model.Id.Equals(id, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray();
        return alike is [var only] ? only : OfHash(hash ?? bare, models);
    }

    /// <summary>The autoencoder of a name; null for none.</summary>
    public static AutoencoderDescription? FindVae(string name, IAutoencoderDirectory? vaes)
    {
        var (bare, _) = Split(name.Trim());
        return vaes?.Find(bare) ?? vaes?.Find(WithoutEnding(bare));
    }

    private static ModelDescription? OfHash(string hash, IModelDirectory models) =>
        hash.Length >= HashDigits && hash.All(char.IsAsciiHexDigit)
            ? models.All.FirstOrDefault(model => models.StatusOf(model.Id).ContentHash?.StartsWith(hash, StringComparison.OrdinalIgnoreCase) == true) : null;

    private static (string Name, string? Hash) Split(string title) =>
        title.EndsWith(']') && title.LastIndexOf(" [", StringComparison.Ordinal) is var at and > 0 ? (title[..at], title[(at + 2)..^1]) : (title, null);

    private static string WithoutEnding(string name) =>
        Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } found ? name[..^found.Length] : name;
}
