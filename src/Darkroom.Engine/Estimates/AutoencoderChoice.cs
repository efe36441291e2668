using Darkroom.Engine.Jobs;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Estimates;

/// <summary>What a request's autoencoder makes of its model, as far as that is known without opening it.</summary>
/// <param name="options">Settings.</param>
/// <param name="autoencoders">Those beside the models; null: there are none.</param>
internal sealed class AutoencoderChoice(EngineOptions options, IAutoencoderDirectory? autoencoders = null)
{
    public EngineOptions Options => options;

    /// <summary>Whether what a request names is here.</summary>
    public bool Has(GenerationRequest request) => request.Vae is null || autoencoders?.Find(request.Vae.Id) is not null;

    /// <summary>The model with the autoencoder that the request names in the place of its own.</summary>
    public ModelDescription Of(GenerationRequest request, ModelDescription model) =>
        request.Vae is { } vae && autoencoders?.Find(vae.Id) is { Fault: null } found ? found.In(model) : model;

    /// <summary>What calls of a request's autoencoder are kept by: models that share one share its calls.</summary>
    public static string OwnerOf(GenerationRequest request) => request.Vae is { } vae ? SharedAutoencoder.OwnerOf(vae.Id) : request.Model;
}
