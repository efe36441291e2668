using System.Text.Json.Nodes;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Names;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>What a picture may be made again with.</summary>
/// <param name="Vaes">Null: none.</param>
internal sealed record RemadeParts(IModelDirectory Models, IAutoencoderDirectory? Vaes, ILoraDirectory Loras, IUpscalerDirectory Upscalers)
{
    public static RemadeParts Of(IServiceProvider services) => new(
        services.GetRequiredService<IModelDirectory>(), services.GetService<IAutoencoderDirectory>(), services.GetRequiredService<ILoraDirectory>(),
        services.GetRequiredService<IUpscalerDirectory>());

    /// <summary>The model by its hash, else by its name; and the autoencoder.</summary>
    /// <returns>What of <paramref name="missing"/> says that the model is there with other contents; null: it is as it was, or is not there.</returns>
    public static string? SetModel(
        InfotextValues values, IModelDirectory models, IAutoencoderDirectory? vaes, JsonObject fields, List<string> missing)
    {
        var (name, hash) = (values.Text("Model"), values.Look("Model hash"));
        var model = (hash is { Length: >= A1111Models.HashDigits } ? A1111Models.Find(hash, models) : null)
            ?? (name is null ? null : A1111Models.Find(name, models));
        if (model is not null) fields["model"] = model.Id;
        if (model is null && (name ?? hash) is { } wanted)
            missing.Add($"model: '{wanted}'{(name is not null && hash is not null ? $" [{hash}]" : "")} is not on this server");
        string? changed = model is not null && hash is not null && models.StatusOf(model.Id).ContentHash is { } own
            && !own.StartsWith(hash, StringComparison.OrdinalIgnoreCase)
            ? $"model: '{model.Id}' has other contents than the one that made the picture [{hash}]" : null;
        if (changed is not null) missing.Add(changed);

        if (values.Text("VAE") is not { } vae || A1111Models.OwnVae.Contains(vae)) return changed;
        if (A1111Models.FindVae(vae, vaes) is { } found) fields["vae"] = found.Id;
        else missing.Add($"vae: '{vae}' is not on this server");
        return changed;
    }
}
