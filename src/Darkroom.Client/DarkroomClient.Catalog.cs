using System.Text.Json.Serialization.Metadata;
using Darkroom.Client.Catalog;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

/// <content>What a server has.</content>
public sealed partial class DarkroomClient
{
    /// <summary>Every model, those that cannot be used with the reason.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/models", ClientJson.Default.Models, cancellationToken);

    /// <summary>One model.</summary>
    /// <param name="id">Of the model.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">404: there is no such model.</exception>
    public Task<ModelInfo> GetModelAsync(string id, CancellationToken cancellationToken = default) =>
        calls.GetAsync(ModelPath(id), ClientJson.Default.ModelInfo, cancellationToken);

    /// <summary>Brings a model into the memory of devices, and waits until it is there. For keys with the scope <c>admin</c>.</summary>
    /// <param name="id">Of the model.</param>
    /// <param name="device">Index of the one device; null: all.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">404: there is no such model. 507: it does not fit. 409: the server makes no pictures itself.</exception>
    public Task<ModelInfo> LoadModelAsync(string id, int? device = null, CancellationToken cancellationToken = default) => calls.SendAsync(
        HttpMethod.Post, ModelPath(id) + (device is { } index ? FormattableString.Invariant($"/load?device={index}") : "/load"), null,
        ClientJson.Default.ModelInfo, cancellationToken);

    /// <summary>Has a model leave the memory of devices, as soon as nobody works with it. For keys with the scope <c>admin</c>.</summary>
    /// <param name="id">Of the model.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">404: there is no such model. 409: the server makes no pictures itself.</exception>
    public Task<ModelInfo> UnloadModelAsync(string id, CancellationToken cancellationToken = default) =>
        calls.SendAsync(HttpMethod.Post, ModelPath(id) + "/unload", null, ClientJson.Default.ModelInfo, cancellationToken);

    /// <summary>Every sampler, with the schedules that have a meaning with it.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<SamplerInfo>> ListSamplersAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/samplers", ClientJson.Default.Samplers, cancellationToken);

    /// <summary>Every noise schedule.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<ScheduleInfo>> ListSchedulesAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/schedules", ClientJson.Default.Schedules, cancellationToken);

    /// <summary>Every upscaler, those that cannot be used with the reason.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<UpscalerInfo>> ListUpscalersAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/upscalers", ClientJson.Default.Upscalers, cancellationToken);

    /// <summary>Every ControlNet, those that cannot be used with the reason.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<ControlNetInfo>> ListControlNetsAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/controlnets", ClientJson.Default.ControlNets, cancellationToken);

    /// <summary>Every LoRA, those that cannot be used with the reason.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<LoraInfo>> ListLorasAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/loras", ClientJson.Default.Loras, cancellationToken);

    /// <summary>Every textual inversion, those that cannot be used with the reason.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<EmbeddingInfo>> ListEmbeddingsAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/embeddings", ClientJson.Default.Embeddings, cancellationToken);

    /// <summary>Every autoencoder beside the models, those that cannot be used with the reason.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<VaeInfo>> ListVaesAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/vaes", ClientJson.Default.Vaes, cancellationToken);

    /// <summary>How prompts are read: their tokens, and what their grammar means. Tokens are counted only where the model was opened already.</summary>
    /// <param name="request">Its prompt, negative prompt, model, prompt style and steps count; nothing else is sent.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">404: there is no such model. 422: a value is wrong.</exception>
    public async Task<TokenReport> ReadPromptAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = await RequestBody.OfAsync(
            new Txt2ImgRequest
            {
                Prompt = request.Prompt,
                NegativePrompt = request.NegativePrompt,
                Model = request.Model,
                PromptStyle = request.PromptStyle,
                Steps = request.Steps,
            },
            cancellationToken).ConfigureAwait(false);
        return await calls.SendAsync(HttpMethod.Post, "v1/tokens", body.Content, ClientJson.Default.TokenReport, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<CatalogList<T>> type, CancellationToken cancellation) =>
        (await calls.GetAsync(path, type, cancellation).ConfigureAwait(false)).Data;

    private static string ModelPath(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return "v1/models/" + Uri.EscapeDataString(id);
    }
}
