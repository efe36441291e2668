using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Automatic1111.Names;

/// <summary>What AUTOMATIC1111's clients call upscalers: three that are no networks, then every network under its title.</summary>
internal static class A1111Upscalers
{
    public const string None = "None", Lanczos = "Lanczos", Nearest = "Nearest";

    public static readonly IReadOnlyList<string> WithoutNetwork = [None, Lanczos, Nearest];

    /// <summary>Its names of networks that are published under another one.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["R-ESRGAN 4x+"] = "realesrgan-x4plus",
        ["R-ESRGAN 4x+ Anime6B"] = "realesrgan-x4plus-anime",
        ["R-ESRGAN AnimeVideo"] = "realesr-animevideov3-x4",
    };

    /// <summary>Those that can be asked for.</summary>
    public static IEnumerable<UpscalerDescription> Usable(IUpscalerDirectory upscalers) => upscalers.All.Where(one => one.Fault is null);

    /// <summary>The title, or the id where two share one.</summary>
    public static string NameOf(UpscalerDescription upscaler, IUpscalerDirectory upscalers) =>
        WithoutNetwork.Contains(upscaler.Title) || upscalers.All.Count(other => other.Title == upscaler.Title) > 1 ? upscaler.Id : upscaler.Title;

    /// <summary>Every name that a request may give.</summary>
    public static IEnumerable<string> Names(IUpscalerDirectory upscalers) =>
        [.. WithoutNetwork, .. Usable(upscalers).Select(one => NameOf(one, upscalers))];

    /// <summary>The network of a title, an id or a name of AUTOMATIC1111's; null for none, and for those that are no networks.</summary>
    public static UpscalerDescription? Find(string name, IUpscalerDirectory upscalers)
    {
        name = name.Trim();
        return upscalers.All.FirstOrDefault(one => NameOf(one, upscalers).Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? upscalers.Find(name) ?? (Known.TryGetValue(name, out var id) ? upscalers.Find(id) : null);
    }
}
