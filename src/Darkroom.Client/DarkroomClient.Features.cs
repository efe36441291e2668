using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

public sealed partial class DarkroomClient
{
    /// <summary>Reads what layers of a model make of a picture, and waits for that. Cancelling the token cancels the job on the server, too.</summary>
    /// <param name="request">What is read.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">The server refused the request, or the model has not such a layer: 422.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public Task<FeaturesResult> FeaturesAsync(FeaturesRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fields = new JsonObject();
        if (request.Model is { } model) fields["model"] = model;
        if (request.Prompt is { } prompt) fields["prompt"] = prompt;
        if (request.Timestep is { } timestep) fields["timestep"] = timestep;
        if (request.Layers is { } layers) fields["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)layer)]);
        if (request.Seed is { } seed) fields["seed"] = seed;
        var body = RequestBody.Of(request.Image, fields);
        // It waits for its answer on one connection: where that breaks, the server cancels the job, and a second try is the only one.
        return calls.SendAsync(
            () =>
            {
                var message = calls.Request(HttpMethod.Post, "v1/features");
                message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/octet-stream"));
                message.Content = body.Content();
                return message;
            },
            static async (response, cancel) => new FeaturesResult(
                HeaderOf(response, "X-Job-Id"), long.Parse(HeaderOf(response, "X-Seed"), CultureInfo.InvariantCulture),
                await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false)),
            cancellationToken, body.Repeats);
    }

    private static string HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : throw new HttpRequestException($"The answer has no {name}.");
}
