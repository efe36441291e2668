using Darkroom.Models.Catalog;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The model folders: each that cannot be used, with file and reason.</summary>
internal sealed class ModelsCheck(IModelDirectory models, DarkroomSettings settings) : IDoctorCheck
{
    public string Name => "models";

    public IEnumerable<Finding> Run()
    {
        if (!Directory.Exists(settings.ModelsPath))
            yield return new(false, $"{settings.ModelsPath} does not exist. Set Darkroom:ModelsPath to the folder with the models.");
        else if (models.All.Count == 0)
            yield return new(false, $"{settings.ModelsPath} holds no model: a folder with model_index.json in it.");
        if (settings.DefaultModel is { } wanted && models.Find(wanted) is null)
            yield return new(false, $"Darkroom:DefaultModel is '{wanted}', and there is no such model.");
        foreach (var model in models.All)
            yield return new(model.Fault is null, $"{model.Id}: {model.Fault ?? $"{model.Title}, {string.Join(", ", model.Tasks)}"}");
    }
}
