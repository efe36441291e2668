namespace Darkroom.Client;

/// <summary>Kinds of problems that a server tells, for <see cref="DarkroomException.ProblemType"/>. A newer server may have others.</summary>
public static class ProblemTypes
{
    /// <summary>400: the request is not valid HTTP.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>400: the body is not JSON.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>400: the body is not a form.</summary>
    public const string InvalidMultipart = "invalid_multipart";

    /// <summary>400: the picture cannot be read.</summary>
    public const string InvalidPicture = "invalid_picture";

    /// <summary>400: there is no such sampler.</summary>
    public const string SamplerNotFound = "sampler_not_found";

    /// <summary>401: a key is needed, or the one that was sent is wrong.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>403: the key may not do this.</summary>
    public const string ForbiddenScope = "forbidden_scope";

    /// <summary>404: the address is not signed for this, or no longer.</summary>
    public const string SignatureInvalid = "signature_invalid";

    /// <summary>403: a page of another origin may not do this.</summary>
    public const string CrossSite = "cross_site";

    /// <summary>404: there is nothing at this address.</summary>
    public const string NotFound = "not_found";

    /// <summary>404: the server has no model.</summary>
    public const string NoModel = "no_model";

    /// <summary>404: there is no such model.</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>404: there is no such upscaler.</summary>
    public const string UpscalerNotFound = "upscaler_not_found";

    /// <summary>404: there is no such picture.</summary>
    public const string ImageNotFound = "image_not_found";

    /// <summary>404: there is no such job.</summary>
    public const string JobNotFound = "job_not_found";

    /// <summary>405: the address does not know this method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>406: no format on offer is acceptable.</summary>
    public const string NotAcceptable = "not_acceptable";

    /// <summary>409: the job was cancelled.</summary>
    public const string JobCancelled = "job_cancelled";

    /// <summary>409: the job does not wait.</summary>
    public const string JobNotWaiting = "job_not_waiting";

    /// <summary>409: the job does not run.</summary>
    public const string JobNotRunning = "job_not_running";

    /// <summary>409: this process has no models.</summary>
    public const string NoModelsHere = "no_models_here";

    /// <summary>410: the picture is no longer kept.</summary>
    public const string ImageGone = "image_gone";

    /// <summary>413: the body is too large.</summary>
    public const string TooLarge = "too_large";

    /// <summary>413: the picture's file is too large.</summary>
    public const string PictureTooLarge = "picture_too_large";

    /// <summary>415: the body's type is not supported.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>416: the range lies outside the picture.</summary>
    public const string RangeNotSatisfiable = "range_not_satisfiable";

    /// <summary>421: the host is none of this server's.</summary>
    public const string HostNotServed = "host_not_served";

    /// <summary>422: the request has values that are wrong.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>422: the key was used for another request.</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    /// <summary>422: not supported yet.</summary>
    public const string NotYetSupported = "not_yet_supported";

    /// <summary>422: the LoRA does not fit the model.</summary>
    public const string LoraMismatch = "lora_mismatch";

    /// <summary>A layer that the model has not, or words that its attention does not tell of.</summary>
    public const string NotObservable = "not_observable";

    /// <summary>429: as many of your jobs wait as may.</summary>
    public const string TooManyJobs = "too_many_jobs";

    /// <summary>429: too many wrong keys.</summary>
    public const string TooManyAttempts = "too_many_attempts";

    /// <summary>500: something went wrong in the server.</summary>
    public const string InternalError = "internal_error";

    /// <summary>500: the network's output was not finite.</summary>
    public const string NonFiniteOutput = "non_finite_output";

    /// <summary>500: the model's graph does not fit its description.</summary>
    public const string GraphMismatch = "graph_mismatch";

    /// <summary>500: the device failed at this picture.</summary>
    public const string DeviceFailed = "device_failed";

    /// <summary>500: the server went down at this picture.</summary>
    public const string WorkerCrashed = "worker_crashed";

    /// <summary>501: the server does nothing of the kind.</summary>
    public const string NotOffered = "not_offered";

    /// <summary>503: the queue is full.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>507: the server's disk is full.</summary>
    public const string StorageFull = "storage_full";

    /// <summary>503: the store cannot be reached.</summary>
    public const string StoreUnavailable = "store_unavailable";

    /// <summary>503: no room for more pictures.</summary>
    public const string InputsFull = "inputs_full";

    /// <summary>503: the server is shutting down.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>503: the model cannot be used.</summary>
    public const string ModelFailed = "model_failed";

    /// <summary>503: not enough memory for this picture.</summary>
    public const string NotEnoughMemory = "not_enough_memory";

    /// <summary>507: the model does not fit in the device's memory.</summary>
    public const string NoRoomForModel = "no_room_for_model";

    /// <summary>503: the job's deadline has passed.</summary>
    public const string DeadlineExpired = "deadline_expired";

    /// <summary>507: the server's disk is full.</summary>
    public const string DiskFull = "disk_full";
}
