namespace Darkroom.Client.Operation;

/// <summary>Whether a server is worth sending work.</summary>
/// <param name="Status"><c>ready</c>, <c>loading</c>, <c>draining</c>, <c>unavailable</c> or <c>failed</c>.</param>
/// <param name="Model">The default model; null where there is none.</param>
/// <param name="ModelState"><c>cold</c>, <c>loading</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="Reason">Why the model failed, or which store cannot be used.</param>
public sealed record ServerReadiness(string Status, string? Model, string? ModelState, string? Reason)
{
    /// <summary>Whether it is ready.</summary>
    public bool IsReady => Status == "ready";
}
