using System.Text.Json.Nodes;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>What is under the models path. Where AUTOMATIC1111 tells a file's path, these tell the id: a caller is told nothing of the machine.</summary>
internal static class ModelLists
{
    public static JsonNode Checkpoints(HttpContext context)
    {
        var models = context.RequestServices.GetRequiredService<IModelDirectory>();
        return new JsonArray([.. A1111Models.Usable(models).Select(model => new JsonObject
        {
            ["title"] = A1111Models.TitleOf(model, models),
            ["model_name"] = model.Id,
            ["hash"] = A1111Models.ShortHashOf(model, models),
            ["sha256"] = models.StatusOf(model.Id).ContentHash,
            ["filename"] = model.Id,
            ["config"] = null,
        })]);
    }

    public static JsonNode Vaes(HttpContext context) => new JsonArray(
    [
        .. context.RequestServices.GetService<IAutoencoderDirectory>()?.All.Where(vae => vae.Fault is null)
            .Select(vae => new JsonObject { ["model_name"] = vae.Id, ["filename"] = vae.Id }) ?? [],
    ]);

    public static JsonNode Loras(HttpContext context) => new JsonArray(
    [
        .. context.RequestServices.GetRequiredService<ILoraDirectory>().All.Where(lora => lora.Fault is null).Select(lora => new JsonObject
        {
            ["name"] = lora.Id, ["alias"] = lora.Id, ["path"] = lora.Id, ["metadata"] = Metadata(lora),
        }),
    ]);

    /// <summary>Those that the caller's model can use, and those that it cannot.</summary>
    public static JsonNode Embeddings(HttpContext context)
    {
        var models = context.RequestServices.GetRequiredService<IModelDirectory>();
        var options = context.RequestServices.GetRequiredService<OptionStore>().Of(Caller.Of(context).Id);
        var model = options.Model is { } id ? models.Find(id) : models.Default;
        var (loaded, skipped) = (new JsonObject(), new JsonObject());
        foreach (var one in context.RequestServices.GetRequiredService<IEmbeddingDirectory>().All)
            (model is not null && one.MisfitOf(model) is null ? loaded : skipped)[one.Id] = new JsonObject
            {
                ["step"] = null, ["sd_checkpoint"] = null, ["sd_checkpoint_name"] = null,
                ["shape"] = one.Widths.Count > 0 ? one.Widths[^1] : 0, ["vectors"] = one.Vectors,
            };
        return new JsonObject { ["loaded"] = loaded, ["skipped"] = skipped };
    }

    // Under the names that trainers give them, as far as they are known here.
    private static JsonObject Metadata(LoraDescription lora)
    {
        var metadata = new JsonObject();
        if (lora.Title != lora.Id) metadata["ss_output_name"] = lora.Title;
        if (lora.Rank is { } rank) metadata["ss_network_dim"] = rank.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (lora.Base is { } of) metadata["ss_base_model_version"] = of;
        return metadata;
    }
}
