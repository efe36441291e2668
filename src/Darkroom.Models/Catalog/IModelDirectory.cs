namespace Darkroom.Models.Catalog;

/// <summary>The models a server knows, as far as requests and lists may see them: descriptions and states, never sessions.</summary>
public interface IModelDirectory
{
    /// <summary>Every model folder found, by id; those with a fault included.</summary>
    IReadOnlyList<ModelDescription> All { get; }

    /// <summary>The model of an id; null for none.</summary>
    ModelDescription? Find(string id);

    /// <summary>The model of requests that name none; null where there is no model at all.</summary>
    ModelDescription? Default { get; }

    /// <summary>Where a model of <see cref="All"/> stands now.</summary>
    ModelStatus StatusOf(string id);
}
