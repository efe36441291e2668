namespace Darkroom.Client.Catalog;

/// <summary>A sampler.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Aliases">What AUTOMATIC1111, diffusers and ComfyUI call it.</param>
/// <param name="Kind"><c>deterministic</c> or <c>stochastic</c>: whether noise is drawn on the way.</param>
/// <param name="Schedules">The schedules that have a meaning with it.</param>
/// <param name="DefaultEta">Share of fresh noise where a request does not say; null where it takes none.</param>
public sealed record SamplerInfo(
    SamplerName Name, string Title, IReadOnlyList<string> Aliases, string Kind, IReadOnlyList<ScheduleName> Schedules, double? DefaultEta);

/// <summary>A noise schedule.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Aliases">What AUTOMATIC1111, diffusers and ComfyUI call it.</param>
/// <param name="Kind"><c>spacing</c>: which timesteps; <c>sigmas</c>: which noise levels.</param>
public sealed record ScheduleInfo(ScheduleName Name, string Title, IReadOnlyList<string> Aliases, string Kind);
