using Darkroom.Models.Checkpoints.Names;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints;

/// <summary>
/// A whole model in one file, with the names of LDM (Stable Diffusion 1 and 2), of SGM (SDXL), or of Stability's and BFL's own code (Stable Diffusion 3,
/// FLUX), as ComfyUI and A1111 have them.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="kind">What it is.</param>
internal sealed class CheckpointSource(SafetensorsFile file, CheckpointKind kind) : IPartSource
{
    private delegate IWeights Names(SafetensorsFile file, string prefix);

    private static readonly (string Prefix, Names Names)[] Autoencoders = [("first_stage_model.", Autoencoder), ("vae.", Autoencoder)];

    private static readonly (string Prefix, Names Names)
        ClipL = ("text_encoders.clip_l.transformer.", Clip), ClipG = ("text_encoders.clip_g.transformer.", Clip),
        T5 = ("text_encoders.t5xxl.transformer.", static (file, prefix) => new T5Names(file, prefix));

    /// <summary>Text encoders of a transformer's file that it does not have, though pictures cannot be made without; and its autoencoder.</summary>
    public IReadOnlyList<string> Missing => kind.Transformer is null ? [] :
    [
        .. ((string[])["text_encoder", "text_encoder_2", "vae"]).Where(part => !Has(part))
            .Select(part => $"{part} (names that begin with {NamesOf(part)})"),
    ];

    /// <summary>Whether the file has tensors of a part.</summary>
    public bool Has(string part) => PlacesOf(part).Any(place => HasAny(place.Prefix));

    public PartWeights? Find(string part, FaultList faults)
    {
        string name = Path.GetFileName(file.Path);
        var places = PlacesOf(part);
        if (Array.Find(places, place => HasAny(place.Prefix)) is not { Names: { } names, Prefix: var prefix })
        {
            if (places.Length > 0) faults.Add(name, $"has no tensors of the {part} (names that begin with {NamesOf(part)})");
            return null;
        }
        StoredTensor[] tensors = [.. file.Tensors.Values.Where(tensor => IsOf(prefix, tensor.Name))];
        if (QuantisedForms.FaultOf(tensors) is not { } fault) return new(names(file, prefix), name, [file.Path], tensors);
        faults.Add(name, fault);
        return null;
    }

    private (string Prefix, Names Names)[] PlacesOf(string part) => (part, kind.Transformer) switch
    {
        ("unet", null) => [(kind.Prefix, (from, prefix) => new UNetNames(from, prefix, kind.Levels.Layers))],
        ("transformer", { } names) => [(kind.Prefix, (from, prefix) => new TransformerWeights(from, prefix, names, kind.Width))],
        ("vae", _) => Autoencoders,
        ("text_encoder", null) =>
            [("conditioner.embedders.0.transformer.", Clip), ("cond_stage_model.model.", OpenClip), ("cond_stage_model.transformer.", Clip)],
        ("text_encoder_2", null) => [("conditioner.embedders.1.model.", OpenClip)],
        ("text_encoder", _) => [ClipL],
        ("text_encoder_2", _) => [kind.Flux is null ? ClipG : T5],
        ("text_encoder_3", _) when kind.Flux is null => [T5],
        _ => [],
    };

    private string NamesOf(string part) => string.Join(" or ", PlacesOf(part).Select(place => place.Prefix));

    private bool HasAny(string prefix) => file.Tensors.Keys.Any(name => IsOf(prefix, name));

    /// <summary>Beginnings of what is no transformer.</summary>
    private static List<string> Others { get; } = [.. Autoencoders.Select(place => place.Prefix), "text_encoders."];

    /// <summary>A transformer's names may have nothing before them; then all others' are told by their own.</summary>
    private bool IsOf(string prefix, string tensor) => tensor.StartsWith(prefix, StringComparison.Ordinal)
        && (prefix.Length > 0 || !Others.Exists(other => tensor.StartsWith(other, StringComparison.Ordinal)));

    private static IWeights Autoencoder(SafetensorsFile file, string prefix) => new AutoencoderNames(file, prefix);

    private static IWeights Clip(SafetensorsFile file, string prefix) => new ClipNames(file, prefix);

    private static IWeights OpenClip(SafetensorsFile file, string prefix) => new OpenClipNames(file, prefix);
}
