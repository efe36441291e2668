using Darkroom.Engine.Jobs;

namespace Darkroom.Storage.Tests.Sqlite;

internal static class Requests
{
    public static GenerationRequest Plain { get; } = new()
    {
        Task = GenerationTask.Txt2img, Model = "m", Prompt = "p", Width = 64, Height = 64, Steps = 4, GuidanceScale = 1, Seed = 1,
    };
}
