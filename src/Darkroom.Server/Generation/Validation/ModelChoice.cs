using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The model a request means.</summary>
/// <param name="Model">Null where there is none of that name, or none at all.</param>
/// <param name="Failure">What is told where the request has no other fault and this model cannot run; null where it can.</param>
/// <param name="Fault">The same as one fault among others.</param>
internal readonly record struct ModelChoice(ModelDescription? Model, Failure? Failure, Fault? Fault)
{
    public static ModelChoice Of(FieldValues values, IModelDirectory models)
    {
        var given = values.TryGet(GenerationFields.Model, out var id);
        var model = given ? models.Find(id!) : models.Default;
        if (model is not null) return new(model, Unusable(model, models.StatusOf(model.Id)), null);
        if (models.All.Count == 0)
            return new(null, new(FailureKind.NoModel, "This server has no model: put a model folder under its models path."), null);

        var ids = models.All.Select(known => known.Id).ToList();
        var sentence = $"There is no such model.{(given ? Suggestion.Sentence(id!, ids) : "")}";
        var limit = "one of: " + string.Join(", ", ids);
        var fault = new Fault("model", sentence, values.JsonOf(GenerationFields.Model) is { } json ? GivenValue.Shorten(json) : null, limit);
        return new(null, new(FailureKind.ModelNotFound, $"{sentence} Models here: {string.Join(", ", ids)}."), fault);
    }

    // A model that is cold or loading is no problem: its jobs wait in the queue until it is there.
    private static Failure? Unusable(ModelDescription model, ModelStatus status) =>
        model.Fault is { } fault ? new(FailureKind.ModelFailed, $"Model '{model.Id}' cannot be used: {fault}")
        : status is { State: ModelState.Failed, IsTriedAgain: false } ? new(FailureKind.ModelFailed, $"Model '{model.Id}' could not be loaded: {status.Reason}")
        : null;
}
