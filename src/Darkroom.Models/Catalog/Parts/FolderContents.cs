using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>A model folder while it is read, for the family that its index belongs to.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Index">What parts it says it has.</param>
/// <param name="Card">What its author says in <c>darkroom.json</c>.</param>
/// <param name="Model">What is known of the model so far.</param>
/// <param name="Faults">Takes what is wrong.</param>
/// <param name="Place">Where its weights are, but for parts that are graphs.</param>
internal sealed record FolderContents(string Root, PipelineIndex Index, DarkroomFile Card, ModelDescription Model, FaultList Faults, ModelPlace Place)
{
    /// <summary>A part's graph, or its weights; null where it has neither and may have none, or where a fault was added.</summary>
    public GraphFile? Find(string part, bool required) => GraphFile.Read(Place, part, Faults, required);
}
