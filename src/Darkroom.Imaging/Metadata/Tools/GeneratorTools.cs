namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>Every tool whose values are read. A further one is a file and a line here.</summary>
public static class GeneratorTools
{
    public const string Darkroom = "darkroom", A1111 = "a1111", Forge = "forge", SdNext = "sdnext",
        ComfyUi = "comfyui", InvokeAi = "invokeai", NovelAi = "novelai", Fooocus = "fooocus",
        SwarmUi = "swarmui", StabilityMatrix = "stability_matrix", StableDiffusionCpp = "stable_diffusion_cpp";

    public static readonly IReadOnlyList<string> Names =
        [Darkroom, A1111, Forge, SdNext, ComfyUi, InvokeAi, NovelAi, Fooocus, SwarmUi, StabilityMatrix, StableDiffusionCpp];

    // By the texts that a tool alone writes. What is null is not that tool's; a record without values is its, in a form that is not understood.
    // Where a file has the texts of several, the first counts: Swarm runs Comfy, and files of Invoke are loaded into it.
    internal static readonly IReadOnlyList<(string Tool, Func<IReadOnlyDictionary<string, string>, ParsedParameters?> Read)> All =
    [
        (SwarmUi, Tools.SwarmUi.Read), (Fooocus, Tools.Fooocus.Read), (InvokeAi, Tools.InvokeAi.Read),
        (NovelAi, Tools.NovelAi.Read), (ComfyUi, Tools.ComfyUi.Read),
        (StabilityMatrix, texts => texts.ContainsKey("parameters-json") || texts.ContainsKey("smproj") ? ParsedParameters.None : null),
    ];
}
