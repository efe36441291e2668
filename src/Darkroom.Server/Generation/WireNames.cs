using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Devices;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation;

/// <summary>Names of states and kinds on the wire.</summary>
internal static class WireNames
{
    public static string Of(GenerationTask task) => task switch
    {
        GenerationTask.Txt2img => "txt2img",
        GenerationTask.Img2img => "img2img",
        GenerationTask.Inpaint => "inpaint",
        GenerationTask.Outpaint => "outpaint",
        GenerationTask.Upscale => "upscale",
        GenerationTask.Denoise => "denoise",
        GenerationTask.Classify => "classify",
        GenerationTask.Likelihood => "likelihood",
        _ => "features",
    };

    public static string Of(JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => "expired",
    };

    public static string Of(DeviceState state) => state switch
    {
        DeviceState.Idle => "idle",
        DeviceState.Working => "working",
        DeviceState.GivenUp => "given_up",
        _ => "unknown",
    };

    public static string Of(JobEventKind kind) => kind switch
    {
        JobEventKind.Queued => "queued",
        JobEventKind.Started => "started",
        JobEventKind.Progress => "progress",
        JobEventKind.Succeeded => "succeeded",
        JobEventKind.Failed => "failed",
        JobEventKind.Cancelled => "cancelled",
        _ => "expired",
    };

    public static string Of(ModelState state) => state switch
    {
        ModelState.Cold => "cold",
        ModelState.Loading => "loading",
        ModelState.Ready => "ready",
        _ => "failed",
    };

    public static string Of(SamplerKind kind) => kind == SamplerKind.Deterministic ? "deterministic" : "stochastic";
}
