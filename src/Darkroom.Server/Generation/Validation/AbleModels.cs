using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Models of this server that can what another cannot: what a refusal names, so that its reader need not search.</summary>
internal static class AbleModels
{
    private const int Max = 5; // examples to choose from, not the whole shelf

    /// <summary>Ids with commas between; null where none can.</summary>
    public static string? Of(IModelDirectory models, Func<ModelDescription, bool> can)
    {
        string[] ids = [.. models.All.Where(model => model.Fault is null && can(model)).Select(model => model.Id).Take(Max)];
        return ids.Length == 0 ? null : string.Join(", ", ids);
    }
}
