using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests;

internal static class Requests
{
    /// <summary>A small request that every test varies.</summary>
    public static GenerationRequest Plain { get; } = new()
    {
        PromptStyle = PromptStyle.Plain,
        Task = GenerationTask.Txt2img,
        Model = "scripted",
        Prompt = "a red fox",
        NegativePrompt = "blurry",
        Width = 32,
        Height = 32,
        Steps = 4,
        GuidanceScale = 3,
        Sampler = "euler",
        Seed = 42,
    };
}
