using Darkroom.Models.Families;

namespace Darkroom.Engine.Execution;

internal static class LoadedModel
{
    /// <summary>The model of a load that is known to be done: rows reach a network only after Prepare saw that.</summary>
    public static IDiffusionModel Result(this Task<IDiffusionModel> load) => load.IsCompletedSuccessfully
        ? load.GetAwaiter().GetResult()
        : throw new InvalidOperationException("The row was planned before its model was loaded.");
}
