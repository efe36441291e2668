using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>Waits until the row's model is open on its device, and the textual inversions that its texts name are read.</summary>
/// <param name="row">The row.</param>
/// <param name="model">Loading since the job was claimed.</param>
/// <param name="embeddings">The same; null: none are named.</param>
internal sealed class LoadModel(RowMemory row, Task<IDiffusionModel> model, Task<IReadOnlyList<PromptEmbedding>>? embeddings = null) : Stage
{
    public override Task? Begin(Background background) => embeddings is null ? model : Task.WhenAll(model, embeddings);

    public override JobFailure FailureOf(Exception reason)
    {
        if (embeddings is { IsFaulted: true } && !model.IsFaulted)
            return new(JobFailureKind.ModelUnavailable, reason is GraphException ? $"{Sentence(reason.Message)}." : "A textual inversion could not be read.");
        return reason is GraphException { Fault: GraphFault.Misfit }
            ? new(
                row.Request is { Features: not null } or { Explain: not null, Loras: not { Count: > 0 } } ? JobFailureKind.NotObservable
                : row.Request.Loras is { Count: > 0 } ? JobFailureKind.LoraMismatch : JobFailureKind.GraphMismatch, $"{Sentence(reason.Message)}.")
            : new(
                JobFailureKind.ModelUnavailable,
                $"The model '{row.Request.Model}' could not be loaded: {(reason is GraphException ? reason.Message : "see the server's log")}.");
    }

    public override JobFailure? Start()
    {
        row.Model = model.GetAwaiter().GetResult(); // completed: the row waited for it
        row.ModelHash = row.Model.ContentHash;
        if (embeddings is not null) row.Embeddings = embeddings.GetAwaiter().GetResult();
        if (row.Embeddings.Count > 0 && row.Model.Description.Capabilities is { Embeddings: not true } allowed)
            return new JobFailure(
                JobFailureKind.GraphMismatch,
                $"Model '{row.Request.Model}' takes no textual inversions{(allowed.EmbeddingsReason is { } reason ? $": {reason}" : "")}.");
        if (row.Request.Explain is not null && row.Model.Description.Capabilities is var can && !can.ExtraFields.Contains(FieldTable.Explain.Name))
            return new JobFailure(
                JobFailureKind.NotObservable,
                $"Model '{row.Request.Model}' cannot show where words are: {can.FieldReasons.GetValueOrDefault(FieldTable.Explain.Name)}.");
        foreach (string warning in row.Model.Warnings) row.Warn(warning);
        return null;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
