namespace Darkroom.Server.Problems;

/// <summary>A kind of problem: its stable slug, status and title.</summary>
/// <param name="Slug">Last part of the type's address.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="RetryAfter">Seconds after which another try may help; null: the same request will not.</param>
public sealed record ProblemType(string Slug, int Status, string Title, int? RetryAfter = null)
{
    public static readonly ProblemType BadRequest = new("bad_request", 400, "The request is not valid HTTP");
    public static readonly ProblemType InvalidJson = new("invalid_json", 400, "The body is not JSON");
    public static readonly ProblemType InvalidMultipart = new("invalid_multipart", 400, "The body is not a form");
    public static readonly ProblemType InvalidPicture = new("invalid_picture", 400, "The picture cannot be read");
    public static readonly ProblemType SamplerNotFound = new("sampler_not_found", 400, "There is no such sampler");
    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "A key is needed");
    public static readonly ProblemType ForbiddenScope = new("forbidden_scope", 403, "The key may not do this");
    public static readonly ProblemType SignatureInvalid = new("signature_invalid", 404, "The address is not signed for this, or no longer");
    public static readonly ProblemType CrossSite = new("cross_site", 403, "A page of another origin may not do this");
    public static readonly ProblemType NotFound = new("not_found", 404, "There is nothing at this address");
    public static readonly ProblemType NoModel = new("no_model", 404, "The server has no model");
    public static readonly ProblemType ModelNotFound = new("model_not_found", 404, "There is no such model");
    public static readonly ProblemType UpscalerNotFound = new("upscaler_not_found", 404, "There is no such upscaler");
    public static readonly ProblemType ImageNotFound = new("image_not_found", 404, "There is no such picture");
    public static readonly ProblemType JobNotFound = new("job_not_found", 404, "There is no such job");
    public static readonly ProblemType MethodNotAllowed = new("method_not_allowed", 405, "The address does not know this method");
    public static readonly ProblemType NotAcceptable = new("not_acceptable", 406, "No format on offer is acceptable");
    public static readonly ProblemType JobCancelled = new("job_cancelled", 409, "The job was cancelled");
    public static readonly ProblemType JobNotWaiting = new("job_not_waiting", 409, "The job does not wait");
    public static readonly ProblemType JobNotRunning = new("job_not_running", 409, "The job does not run");
    public static readonly ProblemType NoModelsHere = new("no_models_here", 409, "This process has no models");
    public static readonly ProblemType ImageGone = new("image_gone", 410, "The picture is no longer kept");
    public static readonly ProblemType TooLarge = new("too_large", 413, "The body is too large");
    public static readonly ProblemType PictureTooLarge = new("picture_too_large", 413, "The picture's file is too large");
    public static readonly ProblemType UnsupportedMediaType = new("unsupported_media_type", 415, "The body's type is not supported");
    public static readonly ProblemType RangeNotSatisfiable = new("range_not_satisfiable", 416, "The range lies outside the picture");
    public static readonly ProblemType HostNotServed = new("host_not_served", 421, "The host is none of this server's");
    public static readonly ProblemType InvalidRequest = new("invalid_request", 422, "The request has values that are wrong");
    public static readonly ProblemType KeyReused = new("idempotency_key_reused", 422, "The key was used for another request");
    public static readonly ProblemType NotYetSupported = new("not_yet_supported", 422, "Not supported yet");
    public static readonly ProblemType LoraMismatch = new("lora_mismatch", 422, "The LoRA does not fit the model");

    /// <summary>A layer that the model has not, or words that its attention does not tell of.</summary>
    public static readonly ProblemType NotObservable = new("not_observable", 422, "The model does not have what was asked to be read from it");
    public static readonly ProblemType CallerFull = new("too_many_jobs", 429, "As many of your jobs wait as may", 5);
    public static readonly ProblemType TooManyAttempts = new("too_many_attempts", 429, "Too many wrong keys", 60);
    public static readonly ProblemType Internal = new("internal_error", 500, "Something went wrong in the server");
    public static readonly ProblemType NonFinite = new("non_finite_output", 500, "The network's output was not finite");
    public static readonly ProblemType GraphMismatch = new("graph_mismatch", 500, "The model's graph does not fit its description");
    public static readonly ProblemType DeviceFailed = new("device_failed", 500, "The device failed at this picture");
    public static readonly ProblemType WorkerCrashed = new("worker_crashed", 500, "The server went down at this picture");
    public static readonly ProblemType NotOffered = new("not_offered", 501, "The server does nothing of the kind");
    public static readonly ProblemType QueueFull = new("queue_full", 503, "The queue is full", 5);
    public static readonly ProblemType StorageFull = new("storage_full", 507, "The server's disk is full", 60);
    public static readonly ProblemType StoreUnavailable = new("store_unavailable", 503, "The store cannot be reached", 10);
    public static readonly ProblemType InputsFull = new("inputs_full", 503, "No room for more pictures", 5);
    public static readonly ProblemType ShuttingDown = new("shutting_down", 503, "The server is shutting down", 10);
    public static readonly ProblemType ModelFailed = new("model_failed", 503, "The model cannot be used", 60);
    public static readonly ProblemType NotEnoughMemory = new("not_enough_memory", 503, "Not enough memory for this picture", 30);
    public static readonly ProblemType NoRoomForModel = new("no_room_for_model", 507, "The model does not fit in the device's memory");
    public static readonly ProblemType DeadlineExpired = new("deadline_expired", 503, "The job's deadline has passed", 5);
    public static readonly ProblemType DiskFull = new("disk_full", 507, "The server's disk is full", 60);

    public string Address => "/problems/" + Slug;
}
