// What the server's native API (/v1) answers, as far as the page reads it.

export type Task = 'txt2img' | 'img2img' | 'inpaint' | 'outpaint' | 'upscale';
export const tasks: readonly Task[] = ['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'];

export type Values = Record<string, unknown>;

export interface Fault { field: string; message: string; value?: unknown; limit?: string }

export interface ProblemDocument {
  type: string; title: string; status: number; detail: string; request_id?: string; job_id?: string; errors?: Fault[];
}

export interface ModelEntry {
  id: string; title: string; state: string; reason?: string; family?: string; tasks: Task[];
  native_size: number; size_step: number; max_size: number; defaults?: Values; samplers: string[];
  capabilities: {
    clip_skip: boolean; max_clip_skip?: number; lora: boolean; lora_reason?: string; fields: string[];
    field_reasons: Record<string, string>; embeds_guidance: boolean;
  };
  notes?: string; licence?: string;
}

export interface Named { id: string; name: string; title?: string; reason?: string; scale?: number; base?: string; notes?: string }
export interface SamplerEntry { name: string; title: string; schedules: string[]; kind: string }
export interface ScheduleEntry { name: string; title: string }

/** Where a word was drawn: its share of all attention to the prompt, 0…1, and the address of its map over the picture. */
export interface Attribution { word: string; tokens: string[]; share: number; url: string }

export interface ImageEntry {
  index: number; seed: number; width: number; height: number; format: string; bytes: number; sha256: string; url: string; attributions?: Attribution[];
}

export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';

export interface Progress { share: number; step: number; steps: number; position?: number; eta?: number }

export interface Job {
  id: string; task: Task; status: JobStatus; created_at: string; started_at?: string; finished_at?: string; model: string;
  parameters: Values; progress: Progress; images: ImageEntry[]; warnings: string[]; timings?: { total_ms: number; denoise_ms: number };
  problem?: ProblemDocument;
}

export interface Preview { index: number; step: number; format: string; width: number; height: number; data: string }

export interface PictureInfo {
  info: string; parameters: Record<string, string>; prompt: string; negative_prompt: string; tool: string | null;
  items: { format: string; width: number; height: number };
  request?: { address: string; fields: Values; missing: string[]; unused: Record<string, string> };
}

export interface Verification {
  same: boolean; equal_values: number; largest_difference?: number; model: string; model_hash_matches?: boolean;
  image: { url: string }; warnings: string[];
}

export const isOver = (status: JobStatus): boolean => status !== 'queued' && status !== 'running';
